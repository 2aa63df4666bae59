import type { JobCost, ResultEncoding, StoredResult } from '../ports/index.ts';
import { type EncodingProblem, encodingProblem } from './encoding-problem.ts';
import { costUsd } from './job-cost.ts';

/**
 * What is known of a file, as JSON: on the command line and in the page's API. The names are public contract.
 */
export interface ResultView {
  /** The bucket. */
  readonly bucket: string;
  /** The key. */
  readonly key: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  /** The id of the job. */
  readonly jobId: string;
  /** How the job ended. */
  readonly outcome: string;
  /** Why it failed, if its outcome is `failed:…`. */
  readonly error?: { readonly code: string; readonly message: string };
  /** The length of the text in bytes. */
  readonly bytes: number;
  /** The number of words, repeated ones too. */
  readonly words: number;
  /** The number of distinct words. */
  readonly distinctWords: number;
  /** How many different words the record keeps; the others were less frequent. */
  readonly keptWords: number;
  /** How long the job took. */
  readonly durationMs: number;
  /** When the job ended, in ISO 8601. */
  readonly finishedAt: string;
  /** When the record was published, if people were notified of it; in ISO 8601. */
  readonly publishedAt?: string;
  /** The number of the receive in which the job ended. */
  readonly attempt: number;
  /** The worker that wrote the record. */
  readonly worker: string;
  /** The tokenizer. */
  readonly tokenizer: string;
  /** What it cost its worker, and an estimate of that in US dollars; absent if it was not measured. */
  readonly cost?: CostView;
  /** What was unusual about the text. */
  readonly warnings: StoredResult['warnings'];
  /** The encoding of the text; absent for UTF-8. */
  readonly encoding?: ResultEncoding;
  /** What is wrong with the words because of the encoding; absent if nothing is. */
  readonly encodingProblem?: EncodingProblem;
  /** Why `top` is empty although words were counted; absent unless they are kept apart and cannot be read. */
  readonly missingWords?: string;
  /** The most frequent words. */
  readonly top: StoredResult['words'];
}

/** A cost as JSON; the names are public contract. */
export interface CostView extends Readonly<JobCost> {
  /** By list prices, without storage, logs, the copy of an upload and idle tasks. */
  readonly usd: number;
}

/** Describes a cost. */
export function costView(cost: Readonly<JobCost>): CostView {
  return { ...cost, usd: costUsd(cost) };
}

/** Describes a result with its `top` most frequent words. Default: all that are kept. */
export function resultView(result: StoredResult, top: number = result.words.length): ResultView {
  const { object, encoding, error, totals, publishedAt, missingWords, cost } = result;
  const problem = encodingProblem(result);
  return {
    bucket: object.bucket,
    key: object.key,
    version: object.versionId ?? object.eTag ?? '',
    jobId: result.jobId,
    outcome: result.outcome,
    ...(error === undefined ? {} : { error: { code: error.code, message: error.message } }),
    bytes: totals.bytes,
    words: totals.words,
    distinctWords: totals.distinctWords,
    keptWords: result.words.length,
    durationMs: result.durationMs,
    finishedAt: result.finishedAt.toISOString(),
    ...(publishedAt === undefined ? {} : { publishedAt: publishedAt.toISOString() }),
    attempt: result.attempt,
    worker: result.worker,
    tokenizer: result.options.tokenizer,
    ...(cost === undefined ? {} : { cost: costView(cost) }),
    warnings: result.warnings,
    ...(encoding === undefined ? {} : { encoding }),
    ...(problem === undefined ? {} : { encodingProblem: problem }),
    ...(missingWords === undefined ? {} : { missingWords }),
    top: result.words.slice(0, top),
  };
}
