import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A text to count. */
export interface Corpus {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly note: string;
}

/**
 * Texts and compiled programs are kept here, in the checkout: a folder for all of the machine's users is one
 * that others may fill.
 */
export const BENCH_FOLDER: string = join(import.meta.dirname, '../../../node_modules/.cache/wordfreq-bench');
const SAMPLES = join(import.meta.dirname, '../../../samples/texts');

/** Makes a corpus once, and whole or not at all. */
function make(name: string, note: string, write: (put: (bytes: Uint8Array) => void) => void): Corpus {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const path = join(BENCH_FOLDER, `${name}.txt`);
  if (!existsSync(path)) {
    const draft = `${path}.${process.pid}`;
    const file = openSync(draft, 'w');
    write((bytes) => writeSync(file, bytes));
    closeSync(file);
    renameSync(draft, path);
  }
  return { name, path, bytes: statSync(path).size, note };
}

function repeat(text: Uint8Array, times: number): (put: (bytes: Uint8Array) => void) => void {
  return (put) => {
    for (let time = 0; time < times; time += 1) put(text);
  };
}

/**
 * The King James Bible ten times, from Debian's `bible-kjv`; where that is missing, English samples repeated
 * to the same size.
 */
export function bible(): Corpus {
  const { stdout, status } = spawnSync('bible', ['gen1:1-rev22:21'], {
    input: '',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0 && stdout.length > 4_000_000) {
    return make('kjv-x10', 'King James Bible ×10, from Debian’s bible-kjv', repeat(stdout, 10));
  }
  const english = sample(/^en/);
  const times = Math.ceil(43_000_000 / english.length);
  return make('english', 'stand-in: the English samples, repeated to 43 MB', repeat(english, times));
}

/** Samples of a language, or of all without a code, repeated to a size. */
export function language(code: string, megabytes: number): Corpus {
  const text = sample(code === '' ? /^[a-z]{2}-/ : new RegExp(`^${code}-`));
  const times = Math.ceil((megabytes * 1_000_000) / text.length);
  const name = code === '' ? 'mixed' : code;
  const note = code === '' ? 'all samples, of twelve languages' : `the samples in “${code}”`;
  return make(`${name}-${megabytes}mb`, `${note}, ×${times}`, repeat(text, times));
}

/** The samples whose names match. */
export function sample(name: RegExp): Uint8Array {
  const { files } = listSamples();
  const chosen = files.filter((file) => name.test(file));
  if (chosen.length === 0) throw new Error(`Expected samples that match ${name} in ${SAMPLES}, found none.`);
  return Buffer.concat(chosen.map((file) => readFileSync(join(SAMPLES, file))));
}

function listSamples(): { files: readonly string[] } {
  const { stdout } = spawnSync('ls', [SAMPLES], { encoding: 'utf8' });
  return { files: stdout.split('\n').filter((file) => file.endsWith('.txt')) };
}

/** 400 MB of made-up words of 2 to 14 letters, drawn by Zipf's law from 2.5 million, from a seed. */
export function zipf(megabytes = 400, seed = 20_250_101): Corpus {
  return make(`zipf-${megabytes}mb`, `Zipf, exponent 1.05, seed ${seed}`, (put) => {
    const random = xorshift(seed);
    const words = Array.from({ length: 2_500_000 }, (_, rank) => madeUpWord(rank, random));
    const cumulative = new Float64Array(words.length);
    let sum = 0;
    for (let rank = 0; rank < words.length; rank += 1) {
      sum += 1 / (rank + 1) ** 1.05;
      cumulative[rank] = sum;
    }
    for (let written = 0; written < megabytes * 1_000_000; ) {
      let line = '';
      for (let word = 0; word < 20_000; word += 1) {
        line += words[lowerBound(cumulative, random() * sum)] + (word % 12 === 11 ? '\n' : ' ');
      }
      const bytes = Buffer.from(line);
      put(bytes);
      written += bytes.length;
    }
  });
}

function madeUpWord(rank: number, random: () => number): string {
  let word = '';
  const length = Math.max(Math.ceil(Math.log(rank + 2) / Math.log(26)) + 1, 2 + Math.floor(random() * 13));
  for (let rest = rank, at = 0; at < length; at += 1) {
    const letter = rest > 0 ? rest % 26 : Math.floor(random() * 26);
    rest = Math.floor(rest / 26);
    word += String.fromCharCode(97 + letter);
  }
  return rank % 9 === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word;
}

function lowerBound(cumulative: Float64Array, value: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulative[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Numbers from 0 to 1, the same from the same seed everywhere. */
function xorshift(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
