import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Go's lower case of each code point that has another one, and the version of its Unicode tables. */
export interface GoLowerCase {
  readonly unicode: string;
  readonly lower: ReadonlyMap<number, number>;
}

/** Asks Go, if it is where its installer puts it or in `PATH`; undefined if there is none. */
export function readGoLowerCase(): GoLowerCase | undefined {
  const installed = '/usr/local/go/bin/go';
  const go = existsSync(installed) ? installed : 'go';
  let output: string;
  try {
    output = execFileSync(go, ['run', join(import.meta.dirname, 'go-lower-case.go')], { encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const [unicode = '', ...lines] = output.trim().split('\n');
  return { unicode, lower: new Map(lines.map((line) => line.split(' ').map(Number) as [number, number])) };
}
