import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findGo } from '../../../tools/find-program.ts';

/** Go's lower case of each code point that has another one, and the version of its Unicode tables. */
interface GoLowerCase {
  readonly unicode: string;
  readonly lower: ReadonlyMap<number, number>;
}

/** Asks Go; undefined if it is not installed. */
export function readGoLowerCase(): GoLowerCase | undefined {
  const go = findGo();
  if (go === undefined) return undefined;
  const program = join(import.meta.dirname, 'go-lower-case.go');
  const output = execFileSync(go, ['run', program], { encoding: 'utf8' });
  const [unicode = '', ...lines] = output.trim().split('\n');
  return { unicode, lower: new Map(lines.map((line) => line.split(' ').map(Number) as [number, number])) };
}
