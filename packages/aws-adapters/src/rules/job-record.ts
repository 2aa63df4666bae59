import type { DigestEntry, FailedTry, JobResult, ResultEncoding, StoredResult } from '../ports/index.ts';
import { cutText } from './cut-text.ts';
import { packCost, unpackCost } from './job-cost.ts';

/**
 * A copy of a result with exactly the members that a record has, so that every store keeps and returns the
 * same. It drops whatever else the caller's object carries: `undefined` members, which DynamoDB's client
 * refuses, and the `publishedAt` of a record that was read from a store, which only `markPublished` may set.
 */
export function recordOf(result: JobResult): JobResult {
  const { object, options, totals, encoding, error, sequencer, lastModified, cost } = result;
  return {
    schemaVersion: result.schemaVersion,
    jobId: result.jobId,
    object: {
      bucket: object.bucket,
      key: object.key,
      ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
      ...(object.eTag === undefined ? {} : { eTag: object.eTag }),
    },
    outcome: result.outcome,
    options: { fingerprint: options.fingerprint, tokenizer: options.tokenizer, top: options.top },
    words: result.words.map(({ word, count }) => ({ word, count })),
    totals: { bytes: totals.bytes, words: totals.words, distinctWords: totals.distinctWords },
    warnings: result.warnings.map(({ code, count, firstOffset }) => ({ code, count, firstOffset })),
    durationMs: result.durationMs,
    attempt: result.attempt,
    worker: result.worker,
    finishedAt: result.finishedAt,
    order: result.order,
    ...(encoding === undefined ? {} : { encoding: encodingOf(encoding) }),
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    ...(sequencer === undefined ? {} : { sequencer }),
    ...(lastModified === undefined ? {} : { lastModified }),
    // Rounded as a table keeps it, so that every store returns the same.
    ...(cost === undefined ? {} : { cost: unpackCost(packCost(cost)) }),
  };
}

function encodingOf({ name, foundBy, likely }: ResultEncoding): ResultEncoding {
  return { name, foundBy, ...(likely === undefined ? {} : { likely }) };
}

/** Why a result cannot be stored, as a sentence: DynamoDB and JSON have neither NaN nor invalid dates. */
export function recordProblem(result: JobResult): string | undefined {
  const { totals, options } = result;
  const numbers: readonly (readonly [string, number])[] = [
    ['durationMs', result.durationMs],
    ['attempt', result.attempt],
    ['options.top', options.top],
    ['totals.bytes', totals.bytes],
    ['totals.words', totals.words],
    ['totals.distinctWords', totals.distinctWords],
    ...result.words.map(({ count }) => ['words[].count', count] as const),
    ...result.warnings.flatMap(({ count, firstOffset }) => [
      ['warnings[].count', count] as const,
      ['warnings[].firstOffset', firstOffset] as const,
    ]),
  ];
  const number = numbers.find(([, value]) => !(Math.abs(value) <= Number.MAX_SAFE_INTEGER));
  if (number !== undefined) {
    return `Expected ${number[0]} of job ${result.jobId} to be a number of at most 2^53 − 1, got ${number[1]}.`;
  }
  for (const name of ['finishedAt', 'lastModified'] as const) {
    const time = result[name];
    if (time !== undefined && Number.isNaN(time.getTime()))
      return `Expected ${name} of job ${result.jobId} to be a point in time, got an invalid date.`;
  }
  return undefined;
}

/** Whether a write finds its own earlier write: clients send a write again when the response was lost. */
export function isSameWrite(existing: StoredResult, result: JobResult): boolean {
  return (
    existing.publishedAt === undefined &&
    existing.outcome === result.outcome &&
    existing.worker === result.worker &&
    existing.attempt === result.attempt &&
    existing.finishedAt.getTime() === result.finishedAt.getTime()
  );
}

/** Longer messages of failed tries are cut. */
const MAX_MESSAGE_LENGTH = 2000;

/** The error of a failed try, as stores keep it. */
export function triedError(error: FailedTry['error']): FailedTry['error'] {
  return { code: error.code, message: cutText(error.message, MAX_MESSAGE_LENGTH) };
}

const MAX_DETAIL_LENGTH = 500;

/**
 * A copy of an entry with exactly the members that an outbox keeps; its detail is cut, or left out if empty.
 */
export function digestEntryOf({ id, outcome, at, object, detail = '' }: DigestEntry): DigestEntry {
  return {
    id,
    outcome,
    at,
    ...(object === undefined ? {} : { object: { bucket: object.bucket, key: object.key } }),
    ...(detail === '' ? {} : { detail: cutText(detail, MAX_DETAIL_LENGTH) }),
  };
}

/** Why an entry cannot be kept, as a sentence. */
export function digestEntryProblem({ id, at }: DigestEntry): string | undefined {
  if (!Number.isNaN(at.getTime())) return undefined;
  return `Expected the time of digest entry ${id} to be a point in time, got an invalid date.`;
}
