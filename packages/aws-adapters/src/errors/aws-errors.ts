import type { PortErrorCode } from '../ports/index.ts';

/**
 * A problem that a person can fix, where a port's code is too general: something is missing, the credentials are
 * wrong, nothing listens at the endpoint.
 */
export type AwsProblem =
  | 'no-such-bucket'
  | 'no-such-queue'
  | 'no-such-table'
  | 'no-region'
  | 'wrong-region'
  | 'no-credentials'
  | 'expired-credentials'
  | 'bad-credentials'
  | 'unreachable'
  | 'unknown-host'
  | 'wrong-service';

/** What the name of an error says. */
interface Meaning {
  readonly code: PortErrorCode;
  readonly problem: AwsProblem | undefined;
}

/**
 * Error names of S3, SQS, SNS, DynamoDB, STS and KMS from their API references, and of the SDK and Node: the
 * only place that knows them. A name says more than the HTTP status: S3 returns 403 both for a missing
 * permission and for an archived object. A name may also end in `Exception`.
 */
const MEANINGS: readonly (readonly [code: PortErrorCode, problem: AwsProblem | undefined, names: string])[] =
  [
    ['not-found', 'no-such-bucket', 'NoSuchBucket'],
    [
      'not-found',
      'no-such-queue',
      'QueueDoesNotExist AWS.SimpleQueueService.NonExistentQueue QueueDeletedRecently',
    ],
    ['not-found', 'no-such-table', 'ResourceNotFound TableNotFound'],
    ['not-found', undefined, 'NoSuchKey NoSuchVersion MethodNotAllowed NotFound'],
    ['changed', undefined, 'PreconditionFailed NotModified ConditionalCheckFailed'],
    ['archived', undefined, 'InvalidObjectState'],
    ['access-denied', 'no-credentials', 'CredentialsProviderError ProviderError TokenProviderError'],
    ['access-denied', 'expired-credentials', 'ExpiredToken RequestExpired'],
    [
      'access-denied',
      'bad-credentials',
      'InvalidAccessKeyId InvalidClientTokenId InvalidToken UnrecognizedClient SignatureDoesNotMatch ' +
        'InvalidSignature IncompleteSignature MissingAuthenticationToken InvalidSecurity',
    ],
    [
      'access-denied',
      undefined,
      'AccessDenied AuthorizationError AllAccessDisabled KMSAccessDenied KmsAccessDenied KMSDisabled ' +
        'KmsDisabled KMSNotFound KmsNotFound KMSInvalidState KmsInvalidState KMSOptInRequired ' +
        'KmsOptInRequired KmsInvalidKeyUsage',
    ],
    [
      'throttled',
      undefined,
      'SlowDown Throttling Throttled RequestThrottled TooManyRequests RequestLimitExceeded ' +
        'ProvisionedThroughputExceeded BandwidthLimitExceeded LimitExceeded PriorRequestNotComplete ' +
        'OverLimit KMSThrottling KmsThrottled',
    ],
    [
      'lease-lost',
      undefined,
      'ReceiptHandleIsInvalid MessageNotInflight AWS.SimpleQueueService.MessageNotInflight InvalidReceiptHandle',
    ],
    ['unavailable', 'unreachable', 'ECONNREFUSED ETIMEDOUT EHOSTUNREACH ENETUNREACH'],
    ['unavailable', 'unknown-host', 'ENOTFOUND EAI_AGAIN'],
    ['unavailable', 'wrong-region', 'PermanentRedirect TemporaryRedirect'],
    ['invalid', 'wrong-region', 'AuthorizationHeaderMalformed'],
    ['invalid', 'wrong-service', 'InvalidAction UnknownOperation'],
    [
      'unavailable',
      undefined,
      'TimeoutError RequestTimeout InternalError InternalFailure InternalServerError ServiceUnavailable ' +
        'ConditionalRequestConflict OperationAborted RequestTimeTooSkewed NetworkingError NoSuchUpload',
    ],
    ['aborted', undefined, 'AbortError'],
  ];

const MEANING_OF: ReadonlyMap<string, Meaning> = new Map(
  MEANINGS.flatMap(([code, problem, names]) =>
    names.split(' ').map((name): [string, Meaning] => [name, { code, problem }]),
  ),
);

/** The code of a port that the name of an error stands for. */
export function codeOfName(name: string): PortErrorCode | undefined {
  const known = meaningOf(name);
  if (known !== undefined) return known.code;
  // S3 and SNS pass the key service's errors on as `KMS.DisabledException` and the like.
  if (/^KMS\./i.test(name)) return /Throttl|LimitExceeded/.test(name) ? 'throttled' : 'access-denied';
  return undefined;
}

function meaningOf(name: string): Meaning | undefined {
  return MEANING_OF.get(name) ?? MEANING_OF.get(name.replace(/Exception$/, ''));
}

/**
 * The code of a port that an HTTP status stands for, where nothing has a name, as in responses to `HEAD`.
 */
export function codeOfStatus(status: number): PortErrorCode {
  if (status === 401 || status === 403) return 'access-denied';
  // S3 returns 405 when the requested version is a delete marker.
  if (status === 404 || status === 405 || status === 410) return 'not-found';
  if (status === 304 || status === 412) return 'changed';
  if (status === 429) return 'throttled';
  if (status === 408 || status === 409) return 'unavailable';
  return status >= 400 && status < 500 ? 'invalid' : 'unavailable';
}

/** What an error says about itself. */
interface ErrorFacts {
  /** Names to look up, the most specific first. */
  readonly names: readonly string[];
  /** The names that Node set as `code` of this error or of its cause. */
  readonly codes: readonly string[];
  readonly message: string;
  readonly status: number | undefined;
}

/** Reads what the SDK and Node put into an error. */
export function factsOf(error: unknown): ErrorFacts {
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

/**
 * The problem behind an error, if a person can fix it, found by the names of the error and of its causes. Takes
 * errors of AWS SDK clients and of adapters.
 *
 * @example
 * if (awsProblem(error) === 'expired-credentials') console.error('Log in again.');
 */
export function awsProblem(error: unknown): AwsProblem | undefined {
  for (let level = error; typeof level === 'object' && level !== null; level = below(level)) {
    const { names, message, status } = factsOf(level);
    if (/^Region is missing/.test(message)) return 'no-region';
    for (const name of names) {
      const problem = meaningOf(name)?.problem;
      if (problem !== undefined) return problem;
    }
    // A response to `HEAD` has no body, and so no name.
    if (status === 301 || status === 307) return 'wrong-region';
  }
  return undefined;
}

/** The cause; of an `AggregateError`, such as Node throws when no address of a host responds, the first. */
function below(error: object): unknown {
  const { cause, errors } = error as { readonly cause?: unknown; readonly errors?: unknown };
  return cause ?? (Array.isArray(errors) ? errors[0] : undefined);
}
