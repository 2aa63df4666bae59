/**
 * What can go wrong by the caller's doing. The set is closed: changing it is a major change.
 *
 * | code | meaning |
 * |---|---|
 * | `invalid-option` | an option has a value that it cannot have; `field` names it |
 * | `counter-finished` | `push` or `finish` was called after `finish` |
 * | `engine-unavailable` | the option `engine` asks for what the platform does not have |
 */
export type WordfreqErrorCode = 'invalid-option' | 'counter-finished' | 'engine-unavailable';

/** An error of the core. Decide by `code`, never by class: two copies of a package may be installed. */
export class WordfreqError extends Error {
  override readonly name: string = 'WordfreqError';
  readonly code: WordfreqErrorCode;
  /** None of these passes by waiting. */
  readonly retryable: boolean = false;
  /** The option that is wrong. */
  readonly field: string | undefined;

  constructor(code: WordfreqErrorCode, message: string, field?: string) {
    super(message);
    this.code = code;
    this.field = field;
  }
}
