import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Reintroduction } from './ancestor-bug.ts';

/** Where the repository is. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

/** What of a bug is needed to put it in. */
export type Replacement = Pick<Reintroduction, 'file' | 'from' | 'to'>;

/**
 * The source with its bug.
 *
 * @throws Error when the text to be replaced is not in the source exactly once: the source has moved on, and the table must follow
 */
export function reintroduce(source: string, { file, from, to }: Replacement): string {
  const [before, after, ...more] = source.split(from);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(
      `Expected exactly once in ${file}: ${from}\nAdapt the table in e2e/ancestor-bugs to the new source.`,
    );
  }
  return before + to + after;
}

/** Reads the file of a bug from the repository, and puts the bug in. */
export function sourceWithBug(bug: Reintroduction): string {
  return reintroduce(readFileSync(`${ROOT}${bug.file}`, 'utf8'), bug);
}
