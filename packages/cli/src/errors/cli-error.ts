/**
 * How the program ends; documented in the README and frozen by a test.
 *
 * | code | meaning |
 * |---|---|
 * | 0 | done |
 * | 1 | something was asked for that did not come to pass, such as a file without a result |
 * | 2 | the command line was wrong |
 * | 3 | the surroundings do not allow it: a busy port, a missing folder, no permission |
 * | 70 | a fault in the program itself; please report it |
 */
export const EXIT_CODES = { ok: 0, failed: 1, usage: 2, environment: 3, fault: 70 } as const;

/** An error that a person reads as one sentence, with a hint at what to do. */
export class CliError extends Error {
  readonly exitCode: number;
  /** What to do about it; starts with a verb. */
  readonly hint: string | undefined;

  constructor(message: string, options: { exitCode: number; hint?: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'CliError';
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}
