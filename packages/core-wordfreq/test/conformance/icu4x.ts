import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const PROGRAM = join(import.meta.dirname, 'icu4x');
const TARGET = join(import.meta.dirname, '../../../../node_modules/.cache/word-boundaries');

/** ICU4X, Unicode's library in Rust, without its dictionaries, as a program that segments texts. */
interface Judge {
  /** Returns how many code points each segment of each text has. */
  segment(texts: readonly string[]): number[][];
}

/** Compiles the program, or says why not. */
export function findJudge(): Judge | string {
  const { status, error, stderr } = spawnSync(
    'cargo',
    ['build', '--release', '--locked', '--quiet', '--target-dir', TARGET],
    { cwd: PROGRAM, encoding: 'utf8' },
  );
  if (error !== undefined) return 'there is no cargo on the path';
  if (status !== 0) return `cargo cannot build the judge: ${stderr.trim().split('\n').at(-1)}`;
  return { segment: (texts) => run(texts).map(numbersIn) };
}

function run(texts: readonly string[]): string[] {
  const input = texts.map((text) => `${text}\0`).join('');
  const { stdout, error } = spawnSync(join(TARGET, 'release/word-boundaries'), {
    input,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  if (error !== undefined) throw error;
  return stdout.trimEnd().split('\n');
}

function numbersIn(line: string): number[] {
  return line.split(' ').map(Number);
}
