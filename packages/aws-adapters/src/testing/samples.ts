import type { JobResult, ObjectVersion } from '../ports/index.ts';
import { versionOrder } from '../rules/index.ts';

/** Keys that have broken pipelines: encodings, path tricks, look-alikes, the longest possible. */
export const HOSTILE_KEYS: readonly string[] = [
  'a b+c%2Bd.txt',
  '100%.txt',
  'café/😀.txt',
  'a//b.txt',
  'a/./../b.txt',
  '../../outside.txt',
  '__proto__',
  '=cmd|calc',
  '<script>alert(1)</script>.txt',
  `${'x'.repeat(1020)}.txt`,
];

/** Words that have broken stores and readers. */
export const HOSTILE_WORDS: readonly string[] = [
  '__proto__',
  'constructor',
  '=1+1',
  '<b>',
  '😀',
  'tab\there',
  '\u202Ertl',
];

/**
 * A complete result, to be changed where a test needs it; its place among the versions follows from the
 * changed facts.
 */
export function sampleResult(change: Partial<JobResult> = {}): JobResult {
  const object: ObjectVersion = change.object ?? { bucket: 'texts', key: 'a.txt', eTag: 'e1' };
  return {
    schemaVersion: 1,
    jobId: 'job-1',
    object,
    outcome: 'counted',
    options: { fingerprint: 'f1', tokenizer: 'unicode', top: 10 },
    words: [
      { word: 'two', count: 2 },
      { word: 'one', count: 1 },
    ],
    totals: { bytes: 11, words: 3, distinctWords: 2 },
    warnings: [{ code: 'nul', count: 1, firstOffset: 7 }],
    durationMs: 12,
    attempt: 1,
    worker: 'worker-1',
    finishedAt: new Date('2026-01-01T00:00:10.000Z'),
    order: versionOrder({ ...object, ...change }),
    ...change,
  };
}

/** Reads a body to its end. */
export async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}
