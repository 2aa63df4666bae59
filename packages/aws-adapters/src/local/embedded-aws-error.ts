import type { CodedError } from '../ports/index.ts';

/**
 * Why the embedded servers could not start. None of these problems is temporary.
 *
 * | code | meaning |
 * |---|---|
 * | `port-taken` | another program listens on the port |
 * | `data-dir-unusable` | the folder cannot be created or written |
 * | `data-dir-in-use` | another process keeps its data in the folder |
 * | `not-installed` | `fauxqs` or `dynalite` is missing: both are optional peer dependencies |
 * | `node-too-old` | this Node has no SQLite built in |
 */
export type EmbeddedAwsErrorCode =
  | 'port-taken'
  | 'data-dir-unusable'
  | 'data-dir-in-use'
  | 'not-installed'
  | 'node-too-old';

/** The error that {@link startEmbeddedAws} throws. */
export class EmbeddedAwsError extends Error implements CodedError<EmbeddedAwsErrorCode> {
  /** The name of the class. */
  override readonly name: string = 'EmbeddedAwsError';
  /** What went wrong. */
  readonly code: EmbeddedAwsErrorCode;
  /** Always false: somebody has to change something first. */
  readonly retryable: boolean = false;

  constructor(code: EmbeddedAwsErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }
}

/** Names the port if it is taken; returns any other error unchanged. */
export function explainListenFailure(error: unknown, port: number, service: string): unknown {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return error;
  return new EmbeddedAwsError(
    'port-taken',
    `Expected port ${port} to be free for ${service}, but another program listens there. Choose another port.`,
    { cause: error },
  );
}
