import { EXIT_CODES } from '../errors/exit-codes.ts';

/** What is wrong with a command line. */
export type UsageErrorCode =
  | 'usage-unknown-command'
  | 'usage-unknown-option'
  | 'usage-missing-command'
  | 'usage-missing-argument'
  | 'usage-too-many-arguments'
  | 'usage-missing-value'
  | 'usage-invalid-value';

/** The command line is wrong. Whoever parses an option's value says what was expected; the option's name comes in front of it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
  readonly code: UsageErrorCode;
  readonly exitCode: number = EXIT_CODES.usage;
  readonly hint: string;

  constructor(
    message: string,
    code: UsageErrorCode = 'usage-invalid-value',
    hint = 'Run with --help to see what is possible.',
  ) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}
