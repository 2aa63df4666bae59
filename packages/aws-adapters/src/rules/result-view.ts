import type { StoredResult } from '../ports/index.ts';

/**
 * What is known of a file, as JSON: on the command line, and behind the page. The names are public contract.
 */
export interface ResultView {
  readonly bucket: string;
  readonly key: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  readonly jobId: string;
  readonly outcome: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly bytes: number;
  readonly words: number;
  readonly distinctWords: number;
  /** How many different words the record keeps; the others were less frequent. */
  readonly keptWords: number;
  readonly durationMs: number;
  readonly finishedAt: string;
  readonly publishedAt?: string;
  readonly attempt: number;
  readonly worker: string;
  readonly tokenizer: string;
  readonly warnings: StoredResult['warnings'];
  /** Why `top` is empty although words were counted; absent unless they are kept apart and cannot be read. */
  readonly missingWords?: string;
  /** The most frequent words. */
  readonly top: StoredResult['words'];
}

/** Describes a result with its `top` most frequent words. Default: all that are kept. */
export function resultView(result: StoredResult, top: number = result.words.length): ResultView {
  const { object, error, totals, publishedAt, missingWords } = result;
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
    warnings: result.warnings,
    ...(missingWords === undefined ? {} : { missingWords }),
    top: result.words.slice(0, top),
  };
}
