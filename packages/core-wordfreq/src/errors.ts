/**
 * The codes of all errors. The set is closed: changing it is a major change.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-option` | an option has an invalid value; `field` names it |
 * | `invalid-source` | the source is not text, bytes, a stream, an iterable, a Blob, a Response or a FileHandle; a Response reports a failure; encoded counts are not bytes; `mergeCounts` was given something other than a list of counts |
 * | `counter-finished` | `push` or `finish` was called after `finish` |
 * | `too-many-distinct-words` | there are more distinct words than `maxDistinctWords` |
 * | `invalid-encoding` | bytes are not encoded counts or a snapshot, or of an unknown version |
 * | `engine-unavailable` | the option `engine` asks for an engine that the platform does not have |
 * | `options-mismatch` | a snapshot was taken with other options, or counts to be merged were counted with different options |
 * | `snapshot-unavailable` | the last white space is too far back for a snapshot; one is possible after the next white space |
 * | `count-too-large` | totals are above 2^53 − 1 (9 × 10^15), which a number cannot hold exactly |
 * | `normalizer-failed` | the function `normalize` threw (see `cause`) or did not return a text |
 * | `corrupt-compression` | compressed bytes are damaged, incomplete, followed by others, or not compressed at all |
 * | `unsupported-encoding` | the content encoding is neither gzip nor zstd, bytes are compressed twice, or this Node has no zstd |
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
  /** The name of the class. */
  override readonly name: string = 'WordfreqError';
  /** What went wrong. */
  readonly code: WordfreqErrorCode;
  /** Always false: none of these errors is temporary. */
  readonly retryable: boolean = false;
  /** The invalid option. */
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
