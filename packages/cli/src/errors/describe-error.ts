import { CliError, EXIT_CODES } from './cli-error.ts';

/** What to print for an error, and how to exit. */
export interface ErrorReport {
  readonly lines: readonly string[];
  readonly exitCode: number;
}

/** What this program's user can do about other packages' errors, in terms of its options. */
const HINTS: ReadonlyMap<string, string> = new Map([
  ['port-taken', 'Choose ports with --port, --aws-port and --dynamodb-port; 0 picks a free one.'],
  ['data-dir-in-use', 'Choose another folder with --data-dir.'],
  ['data-dir-unusable', 'Choose another folder with --data-dir.'],
]);

/**
 * Turns whatever was thrown into one sentence and a hint. Errors with a `code` come from our packages or from Node and
 * describe themselves; anything else is a fault of ours and says how to show more.
 */
export function describeError(error: unknown, options: { readonly debug: boolean }): ErrorReport {
  const stack = options.debug && error instanceof Error && error.stack !== undefined ? [error.stack] : [];
  if (error instanceof CliError) {
    const hint = error.hint === undefined ? [] : [`  ${error.hint}`];
    return { lines: [`wordfreq: ${error.message}`, ...hint, ...stack], exitCode: error.exitCode };
  }
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const hint = HINTS.get(error.code);
    return {
      lines: [`wordfreq: ${error.message}`, ...(hint === undefined ? [] : [`  ${hint}`]), ...stack],
      exitCode: EXIT_CODES.environment,
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    lines: [`wordfreq: unexpected fault: ${message}`, '  Run again with --debug to see where.', ...stack],
    exitCode: EXIT_CODES.fault,
  };
}
