import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { outcomeAdvice } from './outcome-advice.ts';

/** A result as commands print it as JSON; the names are public contract. */
export interface ResultView {
  readonly bucket: string;
  readonly key: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  readonly jobId: string;
  readonly outcome: string;
  readonly meaning: string;
  readonly cure?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly bytes: number;
  readonly words: number;
  readonly distinctWords: number;
  readonly durationMs: number;
  readonly finishedAt: string;
  readonly publishedAt?: string;
  readonly attempt: number;
  readonly worker: string;
  readonly tokenizer: string;
  readonly warnings: StoredResult['warnings'];
  readonly top: StoredResult['words'];
}

/** Describes a result, with its `top` most frequent words; 0 for all that are kept. */
export function resultView(result: StoredResult, top: number): ResultView {
  const { object, outcome, error, totals, publishedAt } = result;
  return {
    bucket: object.bucket,
    key: object.key,
    version: object.versionId ?? object.eTag ?? '',
    jobId: result.jobId,
    outcome,
    ...outcomeAdvice(outcome),
    ...(error === undefined ? {} : { error }),
    bytes: totals.bytes,
    words: totals.words,
    distinctWords: totals.distinctWords,
    durationMs: result.durationMs,
    finishedAt: result.finishedAt.toISOString(),
    ...(publishedAt === undefined ? {} : { publishedAt: publishedAt.toISOString() }),
    attempt: result.attempt,
    worker: result.worker,
    tokenizer: result.options.tokenizer,
    warnings: result.warnings,
    top: top === 0 ? result.words : result.words.slice(0, top),
  };
}
