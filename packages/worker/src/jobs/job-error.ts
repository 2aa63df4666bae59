import type { CodedError } from '@org/wordfreq-aws-adapters/ports';

/**
 * Why a job can never succeed, found by the worker itself. With the ports' codes these are all the `failed:<code>` outcomes there are.
 *
 * | code | meaning |
 * |---|---|
 * | `bucket-not-allowed` | the message names a bucket that this worker is not configured for |
 * | `object-too-large` | the object exceeds `MAX_OBJECT_BYTES` |
 * | `not-text` | the object's bytes are no text: too many are NUL or not UTF-8 |
 * | `unsupported-encoding` | the object's content encoding is neither gzip nor zstd, or the object is compressed twice |
 * | `corrupt-compression` | the compressed data are damaged, end early, are followed by other bytes, or are not there although name or encoding say so |
 * | `decompressed-too-large` | the text exceeds `MAX_OBJECT_BYTES`, or is a decompression bomb |
 * | `too-many-distinct-words` | the text has more different words than `MAX_DISTINCT_WORDS`, which are all held in memory |
 * | `attempts-exhausted` | the queue would have moved the message without a reason: its workers died of it, or were interrupted each time |
 * | `internal` | a fault of the worker itself, three times in a row |
 */
export type JobErrorCode =
  | 'bucket-not-allowed'
  | 'object-too-large'
  | 'not-text'
  | 'unsupported-encoding'
  | 'corrupt-compression'
  | 'decompressed-too-large'
  | 'too-many-distinct-words'
  | 'attempts-exhausted'
  | 'internal';

/** A permanent failure of one job. */
export class JobError extends Error implements CodedError<JobErrorCode> {
  override readonly name: string = 'JobError';
  readonly code: JobErrorCode;
  readonly retryable: boolean = false;

  constructor(code: JobErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
