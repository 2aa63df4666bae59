/** An error that a person reads as one sentence, with a hint at what to do. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly code: string;
  readonly exitCode: number;
  /** What to do about it; starts with a verb. */
  readonly hint: string | undefined;

  constructor(message: string, options: { exitCode: number; hint?: string; code?: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = options.code ?? 'environment';
    this.exitCode = options.exitCode;
    this.hint = options.hint;
  }
}
