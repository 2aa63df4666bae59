import type { CodedError } from '../ports/index.ts';

/**
 * Whether an error says by itself what went wrong (`code`) and whether to try again (`retryable`). True for errors of
 * every copy and version of this package, and for anybody's errors of the same shape.
 *
 * @example
 * catch (error) {
 *   if (isCoded(error) && error.retryable) return retryLater();
 *   throw error;
 * }
 */
export function isCoded(error: unknown): error is CodedError {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    'retryable' in error &&
    typeof error.retryable === 'boolean'
  );
}
