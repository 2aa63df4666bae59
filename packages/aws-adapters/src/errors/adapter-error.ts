import type { CodedError, ObjectVersion, PortErrorCode } from '../ports/index.ts';

/** Whether the same call may succeed later, by code. One table, so that no two adapters disagree. */
const RETRYABLE: Readonly<Record<PortErrorCode, boolean>> = {
  'not-found': false,
  changed: false,
  archived: false,
  'access-denied': false,
  invalid: false,
  'lease-lost': false,
  throttled: true,
  unavailable: true,
  truncated: true,
  aborted: true,
};

/** Every code that a port may throw, in the order in which `PortErrorCode` documents them. */
export const PORT_ERROR_CODES: readonly PortErrorCode[] = Object.keys(RETRYABLE) as PortErrorCode[];

/** Options of an {@link AdapterError}. */
export interface AdapterErrorOptions {
  /** The error that the client library threw. */
  readonly cause?: unknown;
  /** The object that the call was about. */
  readonly object?: Partial<ObjectVersion>;
}

/**
 * The error that every adapter of this package throws. Decide by `code` and `retryable`; recognise it with
 * {@link isCoded}, never by its class.
 *
 * @example
 * throw new AdapterError('changed', 'Expected version "a1" of notes.txt, but it was overwritten. Read it again.');
 */
export class AdapterError extends Error implements CodedError<PortErrorCode> {
  /** The name of the class. */
  override readonly name: string = 'AdapterError';
  /** What went wrong. */
  readonly code: PortErrorCode;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** The object that the call was about, if it was about one. */
  readonly object?: Partial<ObjectVersion>;

  constructor(code: PortErrorCode, message: string, options: AdapterErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = RETRYABLE[code];
    if (options.object !== undefined) this.object = options.object;
  }
}

/** Whether a string is one of the codes that ports throw. */
export function isPortErrorCode(code: unknown): code is PortErrorCode {
  return typeof code === 'string' && Object.hasOwn(RETRYABLE, code);
}

/**
 * Whether an error has a `code` and `retryable`. True for errors of every copy and version of this package,
 * and for other errors of the same shape.
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
