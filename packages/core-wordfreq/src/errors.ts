/**
 * What can go wrong by the caller's doing. The set is closed: changing it is a major change.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-option` | an option has a value that it cannot have; `field` names it |
 * | `invalid-source` | what should be counted is no text, bytes, stream, iterable or Blob |
 * | `counter-finished` | `push` or `finish` was called after `finish` |
 * | `too-many-distinct-words` | there are more different words than `maxDistinctWords` |
 * | `invalid-encoding` | bytes that should be encoded counts are none, or of a version unknown here |
 * | `engine-unavailable` | the option `engine` asks for what the platform does not have |
 * | `options-mismatch` | what should be merged or restored was counted by options that count otherwise |
 * | `snapshot-unavailable` | the last white space is too far behind for a snapshot here; one is possible behind the next |
 * | `count-too-large` | totals above 2^53 − 1 (9 × 10^15), which a number does not hold exactly |
 * | `normalizer-failed` | the function `normalize` threw (`cause` has what) or gave something that is no text |
 * | `corrupt-compression` | compressed bytes are damaged, end early, are followed by others, or are not compressed at all |
 * | `unsupported-encoding` | bytes have a content encoding other than gzip and zstd, are compressed twice, or this Node has no zstd |
 */
export type WordfreqErrorCode =
  | 'invalid-option'
  | 'invalid-source'
  | 'counter-finished'
  | 'too-many-distinct-words'
  | 'invalid-encoding'
  | 'engine-unavailable'
  | 'options-mismatch'
  | 'snapshot-unavailable'
  | 'count-too-large'
  | 'normalizer-failed'
  | 'corrupt-compression'
  | 'unsupported-encoding';

/** An error of the core. Decide by `code`, never by class: two copies of a package may be installed. */
export class WordfreqError extends Error {
  override readonly name: string = 'WordfreqError';
  readonly code: WordfreqErrorCode;
  /** None of these passes by waiting. */
  readonly retryable: boolean = false;
  /** The option that is wrong. */
  readonly field: string | undefined;

  constructor(code: WordfreqErrorCode, message: string, field?: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.field = field;
  }
}

/** @internal */
export function invalidOption(field: string, expected: string, got: string): WordfreqError {
  return new WordfreqError('invalid-option', `Option ${field}: expected ${expected}, got ${got}.`, field);
}
