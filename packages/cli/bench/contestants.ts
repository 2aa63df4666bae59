import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../../tools/find-program.ts';
import { BENCH_FOLDER } from '../../core-wordfreq/bench/corpora.ts';
import { quoteForShell } from '../src/local/ready-file.ts';

/**
 * A program that counts the words of a file by white space, ASCII letters in lower case, and writes all of
 * them.
 */
export interface Program {
  readonly name: string;
  /** A line for `sh`, with the file's path in `"$1"`. */
  readonly line: string;
  /** Turns its output into lines `word count`. */
  readonly normalize: 'word count' | 'count word' | 'tsv';
  /** What must be installed. */
  readonly needs: readonly string[];
  /** Says which version this is. */
  readonly version?: string;
}

const COUNTER = `
import collections, sys
counts = collections.Counter()
with open(sys.argv[1], "rb") as file:
    for line in file: counts.update(line.lower().split())
for word, count in counts.most_common(): sys.stdout.buffer.write(b"%s %d\\n" % (word, count))
`.trim();

const C_SOURCE = join(import.meta.dirname, '../../core-wordfreq/bench/native/countwords.c');

/** Compiles countwords' optimized C, with the table that grows; returns its path. */
function compileCountwords(): string {
  const output = join(BENCH_FOLDER, 'countwords-for-cli');
  mkdirSync(BENCH_FOLDER, { recursive: true });
  execFileSync('gcc', ['-O2', '-DGROWING', '-o', output, C_SOURCE]);
  return output;
}

/** The contestants, the first of which is `wordfreq` as it is given: a line such as `node dist/main.js`. */
export function programs(wordfreq: string): readonly Program[] {
  const count = `${wordfreq} count --top 0 --format tsv`;
  const all: readonly Program[] = [
    {
      name: 'wordfreq count --tokenizer whitespace',
      line: `${count} --tokenizer whitespace "$1"`,
      normalize: 'tsv',
      needs: [],
      version: `${wordfreq} --version`,
    },
    {
      name: 'countwords’ C, gcc -O2',
      line: `${findProgram('gcc') !== undefined ? quoteForShell(compileCountwords()) : 'false'} < "$1"`,
      normalize: 'word count',
      needs: ['gcc'],
      version: 'gcc --version',
    },
    {
      name: 'mawk',
      line: `LC_ALL=C mawk '{ $0 = tolower($0); for (i = 1; i <= NF; i++) n[$i]++ } END { for (w in n) print w, n[w] }' "$1"`,
      normalize: 'word count',
      needs: ['mawk'],
      version: 'mawk -W version',
    },
    {
      name: 'tr | sort | uniq -c',
      line: `export LC_ALL=C; tr A-Z a-z < "$1" | tr -s '[:space:]' '\\n' | sed '/^$/d' | sort | uniq -c`,
      normalize: 'count word',
      needs: ['tr', 'sort', 'uniq'],
      version: 'sort --version',
    },
    {
      name: 'Python’s Counter',
      line: `python3 -c '${COUNTER}' "$1"`,
      normalize: 'word count',
      needs: ['python3'],
      version: 'python3 --version',
    },
  ];
  return all;
}

/** The name of what a program needs and is not here. */
export function lackOf({ needs }: Program): string | undefined {
  return needs.find((program) => findProgram(program) === undefined);
}

/** The first line of what a program says about itself. */
export function versionOf({ version = 'true' }: Program): string {
  const { stdout, stderr } = spawnSync('sh', ['-c', version], { encoding: 'utf8' });
  return (stdout || stderr).split('\n')[0] ?? '';
}

/** Runs a program on a file and digests what it found, in an order of its own. */
export function fingerprint({ name, line, normalize }: Program, path: string): string {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', line, 'sh', path], { maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
  const lines = stdout.toString('latin1').trimEnd().split('\n');
  const entries = normalize === 'tsv' ? lines.slice(1).map((entry) => entry.replace('\t', ' ')) : lines;
  const words =
    normalize === 'count word' ? entries.map((entry) => entry.replace(/^ *(\d+) (.*)$/, '$2 $1')) : entries;
  return createHash('sha256').update(words.sort().join('\n')).digest('hex');
}

/**
 * Requires that all programs find the same on a file.
 *
 * @throws Error, with the name of one that does not
 */
export function requireSame(contestants: readonly Program[], path: string): void {
  const [first, ...others] = contestants;
  if (first === undefined) return;
  const expected = fingerprint(first, path);
  for (const other of others) {
    if (fingerprint(other, path) !== expected)
      throw new Error(`${other.name} and ${first.name} disagree on ${path}.`);
  }
}
