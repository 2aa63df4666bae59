import type { ObjectVersion, PortErrorCode } from '../ports/index.ts';
import { AdapterError, isCoded, isPortErrorCode } from './adapter-error.ts';

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
 * Error names of S3, SQS, SNS, DynamoDB, STS and KMS from their API references. A name says more than the
 * HTTP status: S3 returns 403 both for a missing permission and for an archived object.
 */
const CODE_OF_NAME: ReadonlyMap<string, PortErrorCode> = new Map(
  (
    [
      [
        'not-found',
        'NoSuchKey NoSuchBucket NoSuchVersion MethodNotAllowed NotFound NotFoundException ResourceNotFoundException ' +
          'QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue QueueDeletedRecently TableNotFoundException',
      ],
      ['changed', 'PreconditionFailed NotModified ConditionalCheckFailedException'],
      ['archived', 'InvalidObjectState'],
      [
        'access-denied',
        'AccessDenied AccessDeniedException AuthorizationError AuthorizationErrorException AllAccessDisabled ' +
          'InvalidAccessKeyId SignatureDoesNotMatch ExpiredToken ExpiredTokenException InvalidToken ' +
          'InvalidClientTokenId UnrecognizedClientException IncompleteSignature MissingAuthenticationToken ' +
          'InvalidSecurity CredentialsProviderError ProviderError TokenProviderError KMSAccessDenied KMSAccessDeniedException KmsAccessDenied ' +
          'KMSDisabled KMSDisabledException KmsDisabled KMSNotFound KMSNotFoundException KmsNotFound ' +
          'KMSInvalidState KMSInvalidStateException KmsInvalidState KMSOptInRequired KmsOptInRequired ' +
          'KmsInvalidKeyUsage',
      ],
      [
        'throttled',
        'SlowDown Throttling ThrottlingException ThrottledException Throttled RequestThrottled ' +
          'RequestThrottledException TooManyRequestsException TooManyRequests RequestLimitExceeded ' +
          'ProvisionedThroughputExceededException BandwidthLimitExceeded LimitExceededException ' +
          'PriorRequestNotComplete OverLimit KMSThrottling KMSThrottlingException KmsThrottled',
      ],
      [
        'lease-lost',
        'ReceiptHandleIsInvalid MessageNotInflight AWS.SimpleQueueService.MessageNotInflight InvalidReceiptHandle',
      ],
      [
        'unavailable',
        'TimeoutError RequestTimeout RequestTimeoutException InternalError InternalFailure InternalServerError ' +
          'InternalErrorException ServiceUnavailable ServiceUnavailableException ConditionalRequestConflict ' +
          'OperationAborted RequestTimeTooSkewed NetworkingError NoSuchUpload',
      ],
      ['aborted', 'AbortError'],
    ] as const
  ).flatMap(([code, names]) => names.split(' ').map((name): [string, PortErrorCode] => [name, code])),
);

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

function codeOfName(name: string): PortErrorCode | undefined {
  const known = CODE_OF_NAME.get(name) ?? CODE_OF_NAME.get(name.replace(/Exception$/, ''));
  if (known !== undefined) return known;
  // S3 and SNS pass the key service's errors on as `KMS.DisabledException` and the like.
  if (/^KMS\./i.test(name)) return /Throttl|LimitExceeded/.test(name) ? 'throttled' : 'access-denied';
  return undefined;
}

function codeOfStatus(status: number): PortErrorCode {
  if (status === 401 || status === 403) return 'access-denied';
  // S3 returns 405 when the requested version is a delete marker.
  if (status === 404 || status === 405 || status === 410) return 'not-found';
  if (status === 304 || status === 412) return 'changed';
  if (status === 429) return 'throttled';
  if (status === 408 || status === 409) return 'unavailable';
  return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
}

interface ErrorFacts {
  /** Names to look up, the most specific first. */
  readonly names: readonly string[];
  /** The names that Node set as `code` of this error or of its cause. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly status: number | undefined;
}

function factsOf(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null)
    return { names: [], codes: [], message: String(error), status: undefined };
  const { name, Code, code, message, $metadata, cause } = error as Record<string, unknown>;
  const inner =
    typeof cause === 'object' && cause !== null ? (cause as Record<string, unknown>)['code'] : undefined;
  const status = ($metadata as { httpStatusCode?: unknown } | undefined)?.httpStatusCode;
  const isText = (value: unknown): value is string => typeof value === 'string';
  return {
    names: [name, Code, code, inner].filter(isText),
    codes: [code, inner].filter(isText),
    message: typeof message === 'string' ? message : '',
    status: typeof status === 'number' ? status : undefined,
  };
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
