import { escapeJson, escapeText } from '@org/wordfreq-aws-adapters/rules';

/**
 * How the program ends; documented in the README and the manual page, and frozen by a test.
 *
 * | code | meaning |
 * |---|---|
 * | 0 | done |
 * | 1 | the request was not fulfilled, such as a file without a result |
 * | 2 | the command line was wrong |
 * | 3 | the environment does not allow it: a missing file, a busy port, no permission, no network |
 * | 70 | a fault in the program itself; please report it |
 * | 130, 143 | ended by Ctrl-C (SIGINT) or by SIGTERM; what runs until it is stopped (`local`) ends with 0 |
 */
export const EXIT_CODES = {
  ok: 0,
  failed: 1,
  usage: 2,
  environment: 3,
  fault: 70,
  interrupted: 130,
  terminated: 143,
} as const;

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

/** What is wrong with a command line. */
type UsageErrorCode =
  | 'usage-unknown-command'
  | 'usage-unknown-option'
  | 'usage-missing-argument'
  | 'usage-too-many-arguments'
  | 'usage-missing-value'
  | 'usage-invalid-value'
  | 'usage-contradiction';

/**
 * The command line is wrong. An option's `parse` says what was expected; the option's name is put in front of
 * it.
 */
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

/** What there is to say about an error, and how to exit. */
interface ErrorReport {
  /** For programs. */
  readonly code: string;
  /** One sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
  readonly exitCode: number;
  /** Only with `--debug`. */
  readonly stack?: string;
}

/**
 * Turns whatever was thrown into one sentence and a hint. Errors with a `code` come from our packages or from
 * Node and describe themselves; anything else is a fault of ours and says how to show more.
 */
export function describeError(error: unknown, options: { readonly debug: boolean }): ErrorReport {
  const stack =
    options.debug && error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return { ...describeCoded(error, error.code), ...stack };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'fault',
    message: `unexpected fault: ${message}`,
    hint: 'Run again with --debug to see where.',
    exitCode: EXIT_CODES.fault,
    ...stack,
  };
}

function describeCoded(error: Error, code: string): ErrorReport {
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  return {
    code,
    message: error.message,
    ...(hint === undefined ? {} : { hint }),
    exitCode:
      'exitCode' in error && typeof error.exitCode === 'number' ? error.exitCode : EXIT_CODES.environment,
  };
}

/** A report as lines for people. */
export function errorLines({ message, hint, stack }: ErrorReport): readonly string[] {
  const [first = '', ...more] = message.split('\n').map(escapeText);
  const stacked = stack === undefined ? [] : stack.split('\n').map(escapeText);
  return [`wordfreq: ${first}`, ...more, ...(hint === undefined ? [] : [`  ${hint}`]), ...stacked];
}

/** A report as one line for programs. */
export function errorJson(report: ErrorReport): string {
  return escapeJson({ error: report });
}

/** Notes an error for people or programs, and returns the exit code that it stands for. */
export function noteError(
  error: unknown,
  { debug, json }: { readonly debug: boolean; readonly json: boolean },
  note: (line: string) => void,
): number {
  const report = describeError(error, { debug });
  for (const line of json ? [errorJson(report)] : errorLines(report)) note(line);
  return report.exitCode;
}
