import type { ObjectVersion, PortErrorCode } from '../ports/index.ts';
import { AdapterError, isCoded, isPortErrorCode } from './adapter-error.ts';
import { codeOfName, codeOfStatus, factsOf } from './aws-errors.ts';

/** The call that failed, which the message names. */
export interface FailedCall {
  /** A verb and its object, such as `read s3://bucket/key`. */
  readonly operation: string;
  /** The object that the call was about, if it was about one. */
  readonly object?: Partial<ObjectVersion>;
  /** The caller's signal: once it has fired, any error is `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether the service had started to respond: an unnamed failure after that is not the caller's fault.
   * Default: unknown.
   */
  readonly answered?: boolean;
}

/**
 * How Node, undici and OpenSSL name what failed outside of this process: sockets, name look-ups, TLS, HTTP
 * that cannot be parsed.
 */
const SYSTEM_FAILURE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
/** The names among them that say that an argument was wrong: of a header, a URL, an option. */
const WRONG_ARGUMENT = /^ERR_(INVALID_|OUT_OF_RANGE|UNESCAPED_CHARACTERS|MISSING_ARGS|HTTP_INVALID_)/;
/** The SDK's messages, in errors without a name, for a body that did not arrive as it was sent. */
const CORRUPTED = /checksum/i;

/**
 * Turns whatever an AWS SDK client threw into an {@link AdapterError}; an error that already carries a port's
 * code passes unchanged. By name first, then by what failed outside of this process, then by HTTP status.
 * Without any sign that the request left the process (no response, no failure of the system) the caller is at
 * fault, and the same call would always fail: `invalid`. So the SDK's own complaints about a request, a
 * `TypeError` or a `RangeError` never look like an outage.
 *
 * @example
 * try {
 *   return await client.send(new HeadObjectCommand(input));
 * } catch (error) {
 *   throw toAdapterError(error, { operation: `describe ${input.Key}` });
 * }
 */
export function toAdapterError(error: unknown, call: FailedCall): AdapterError {
  if (isCoded(error) && isPortErrorCode(error.code)) return error as AdapterError;
  const code = call.signal?.aborted === true ? 'aborted' : codeOf(error, call);
  return new AdapterError(code, `Could not ${call.operation}: ${describe(error)}`, {
    cause: error,
    ...(call.object === undefined ? {} : { object: call.object }),
  });
}

function codeOf(error: unknown, { answered = false }: FailedCall): PortErrorCode {
  const facts = factsOf(error);
  const named = facts.names.map(codeOfName).find((code) => code !== undefined);
  if (named !== undefined) return named;
  // SQS returns the general InvalidParameterValue for a stale receipt; only its message distinguishes it.
  if (/receipt ?handle/i.test(facts.message) && /invalid|expired/i.test(facts.message)) return 'lease-lost';
  if (facts.codes.some((code) => SYSTEM_FAILURE.test(code) && !WRONG_ARGUMENT.test(code)))
    return 'unavailable';
  if (facts.status !== undefined) return codeOfStatus(facts.status);
  return answered || CORRUPTED.test(facts.message) ? 'unavailable' : 'invalid';
}

function describe(error: unknown): string {
  const { names, message, status } = factsOf(error);
  const name = names.find((candidate) => candidate !== 'Error') ?? 'error';
  return `${name}${status === undefined ? '' : ` (HTTP ${status})`}${message === '' ? '' : `: ${message}`}`;
}

/** The options of an AWS SDK client's `send` that adapters use. */
export interface SendOptions {
  /** Ends the request; the SDK's name for a signal. */
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs one call of a client, passes the caller's signal to it, and turns whatever it throws into an
 * `AdapterError`.
 *
 * @example
 * const call = { operation: `delete message ${id}`, signal };
 * await withCodedErrors(call, (options) => client.send(command, options));
 */
export async function withCodedErrors<T>(
  call: FailedCall,
  run: (options: SendOptions) => Promise<T>,
): Promise<T> {
  try {
    return await run(sendOptions(call.signal));
  } catch (error) {
    throw toAdapterError(error, call);
  }
}

/** An absent signal must be left out, not passed as `undefined`. */
export function sendOptions(signal: AbortSignal | undefined): SendOptions {
  return signal === undefined ? {} : { abortSignal: signal };
}
