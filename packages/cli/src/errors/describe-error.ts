import { harmlessText } from '../render/harmless-text.ts';
import { EXIT_CODES } from './exit-codes.ts';

/** What there is to say about an error, and how to exit. */
export interface ErrorReport {
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

/** What this program's user can do about other packages' errors, in terms of its options. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['port-taken', 'Choose ports with --port, --aws-port and --dynamodb-port; 0 picks a free one.'],
  ['data-dir-in-use', 'Choose another folder with --data-dir.'],
  ['data-dir-unusable', 'Choose another folder with --data-dir.'],
]);

/**
 * Turns whatever was thrown into one sentence and a hint. Errors with a `code` come from our packages or from Node
 * and describe themselves; anything else is a fault of ours and says how to show more.
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
  const given = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  const hint = given ?? HINTS.get(code);
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
  const [first = '', ...more] = message.split('\n').map(harmlessText);
  const stacked = stack === undefined ? [] : stack.split('\n').map(harmlessText);
  return [`wordfreq: ${first}`, ...more, ...(hint === undefined ? [] : [`  ${hint}`]), ...stacked];
}

/** A report as one line for programs. */
export function errorJson(report: ErrorReport): string {
  return JSON.stringify({ error: report });
}
