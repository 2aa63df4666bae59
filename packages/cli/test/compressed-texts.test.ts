import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createMemoryObjectStore } from '@org/wordfreq-aws-adapters/memory';
import { COMPRESSION_SUFFIXES as ANNOUNCED } from '@org/wordfreq-aws-adapters/rules';
import { COMPRESSION_SUFFIXES as OPENED } from '@org/wordfreq-core/decompress';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createInlineCounting } from '../../worker/src/counting/inline-counting.ts';
import { processJob } from '../../worker/src/jobs/process-job.ts';
import { runWordfreq } from './support/run-wordfreq.ts';

const [ONE, TWO] = [Buffer.from('red fish '), Buffer.from('blue fish')];
const BOTH = { blue: 1, fish: 2, red: 1 };
const JUNK = Buffer.from('and something else');
const concat = (...parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts);

/** A zstd frame that decoders skip (RFC 8878 §3.1.2), with three bytes of content. */
const SKIPPABLE = Buffer.from([0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 0x61, 0x62, 0x63]);

type Expected = Readonly<Record<string, number>> | 'corrupt-compression' | 'unsupported-encoding';

/** What `wordfreq count` and a worker are given: a name, its bytes, and what both must make of them. */
const CASES: readonly (readonly [what: string, name: string, bytes: Uint8Array, expected: Expected])[] = [
  ['plain text', 'plain.txt', concat(ONE, TWO), BOTH],
  ['gzip', 'one.txt.gz', gzipSync(concat(ONE, TWO)), BOTH],
  ['several gzip members', 'members.txt.gz', concat(gzipSync(ONE), gzipSync(TWO)), BOTH],
  ['zstd', 'one.txt.zst', zstdCompressSync(concat(ONE, TWO)), BOTH],
  ['several zstd frames', 'frames.txt.zst', concat(zstdCompressSync(ONE), zstdCompressSync(TWO)), BOTH],
  [
    'a skippable zstd frame first',
    'skip.txt.zst',
    concat(SKIPPABLE, zstdCompressSync(concat(ONE, TWO))),
    BOTH,
  ],
  [
    'a skippable zstd frame between others',
    'between.txt.zst',
    concat(zstdCompressSync(ONE), SKIPPABLE, zstdCompressSync(TWO)),
    BOTH,
  ],
  ['zeros after gzip', 'zeros.txt.gz', concat(gzipSync(concat(ONE, TWO)), Buffer.alloc(5000)), BOTH],
  ['gzip under the name of a text', 'gzip.txt', gzipSync(concat(ONE, TWO)), BOTH],
  ['zstd under the name of a text', 'zstd.txt', zstdCompressSync(concat(ONE, TWO)), BOTH],
  ['zstd under the name of gzip', 'other.txt.gz', zstdCompressSync(concat(ONE, TWO)), BOTH],
  ['gzip of no bytes', 'empty-inside.txt.gz', gzipSync(''), {}],
  ['no bytes', 'empty.txt', Buffer.alloc(0), {}],
  ['no bytes under the name of gzip', 'empty.txt.gz', Buffer.alloc(0), 'corrupt-compression'],
  ['no bytes under the name of zstd', 'empty.txt.zst', Buffer.alloc(0), 'corrupt-compression'],
  ['text under the name of gzip', 'text.txt.gz', ONE, 'corrupt-compression'],
  ['text under the name of zstd', 'text.txt.zst', ONE, 'corrupt-compression'],
  ['gzip that ends early', 'early.txt.gz', gzipSync(ONE).subarray(0, 20), 'corrupt-compression'],
  ['zstd that ends early', 'early.txt.zst', zstdCompressSync(ONE).subarray(0, 12), 'corrupt-compression'],
  ['other bytes after gzip', 'junk.txt.gz', concat(gzipSync(ONE), JUNK), 'corrupt-compression'],
  [
    'zeros and other bytes after gzip',
    'zeros-junk.txt.gz',
    concat(gzipSync(ONE), Buffer.alloc(9), JUNK),
    'corrupt-compression',
  ],
  ['other bytes after zstd', 'junk.txt.zst', concat(zstdCompressSync(ONE), JUNK), 'corrupt-compression'],
  [
    'zeros after zstd',
    'zeros.txt.zst',
    concat(zstdCompressSync(ONE), Buffer.alloc(9)),
    'corrupt-compression',
  ],
  ['gzip of gzip', 'twice.txt.gz', gzipSync(gzipSync(ONE)), 'unsupported-encoding'],
  ['gzip of zstd', 'mixed.txt.gz', gzipSync(zstdCompressSync(ONE)), 'unsupported-encoding'],
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'compressed-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const byWord = (words: readonly { readonly word: string; readonly count: number }[]) =>
  Object.fromEntries(words.map(({ word, count }) => [word, count]));

async function countedByProgram(path: string): Promise<unknown> {
  const { exitCode, stdout, stderr } = await runWordfreq(['count', '--json', path]);
  if (exitCode === 0) return byWord(JSON.parse(stdout).top);
  expect([exitCode, stdout]).toEqual([3, '']);
  return JSON.parse(stderr).error.code;
}

async function countedByWorker(key: string, bytes: Uint8Array): Promise<unknown> {
  const objects = createMemoryObjectStore({ clock: systemClock, buckets: ['texts'] });
  const object = await objects.put({ bucket: 'texts', key }, bytes);
  const policy = {
    tokenizer: 'unicode' as const,
    topWords: 100,
    allowedBuckets: new Set(['texts']),
    keySuffix: '.txt',
    maxObjectBytes: 1_000_000,
    workerName: 'test',
  };
  const dependencies = { objects, clock: systemClock, counting: createInlineCounting(), policy };
  try {
    const job = { object, attempt: 1 };
    return byWord((await processJob(job, dependencies, new AbortController().signal)).words);
  } catch (error) {
    const { code, retryable } = error as { code?: string; retryable?: boolean };
    expect(retryable).toBe(false);
    return code;
  }
}

describe.each(CASES)('%s', (_, name, bytes, expected) => {
  it('is the same for "wordfreq count" and for a worker', async () => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    const [program, worker] = await Promise.all([countedByProgram(path), countedByWorker(name, bytes)]);
    expect({ program, worker }).toEqual({ program: expected, worker: expected });
  });
});

describe('names of compressed texts', () => {
  it('are let through and opened alike', () => {
    expect(ANNOUNCED).toEqual(OPENED);
  });
});
