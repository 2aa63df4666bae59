import { CliError, EXIT_CODES } from '../errors.ts';
import type { Cloud } from './cloud.ts';
import {
  type CloudOptions,
  type OtherFlags,
  type ResourceNameOptions,
  type ResourceNames,
  resourceNames,
} from './resource-names.ts';

/** What every command that calls AWS takes. */
export interface OpenCloudOptions extends CloudOptions, ResourceNameOptions {}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens a pipeline by options and environment variables, runs `use` with it, and closes its connections. What
 * AWS refuses comes out as one sentence with a hint.
 *
 * @throws CliError, exit code 2 for what was not named, 3 for what does not exist or is not allowed
 */
export async function withCloud<T>(
  options: OpenCloudOptions,
  environment: Environment,
  use: (cloud: Cloud) => Promise<T>,
  flags: OtherFlags = {},
): Promise<T> {
  const names = resourceNames(options, environment, flags);
  const { cloudOver, createCloudClients } = await import('./cloud.ts');
  const clients = createCloudClients(options, environment);
  try {
    return await use(cloudOver(clients, names));
  } catch (error) {
    throw cloudError(error, names);
  } finally {
    clients.destroy();
  }
}

/** What an error says underneath, in the services' own names, the innermost last. */
interface Facts {
  readonly names: readonly string[];
  readonly code: string | undefined;
  readonly message: string;
  /** The table that commands read: its absence is reported without its name. */
  readonly table: string;
}

/** One sentence and one hint for what a person can do something about. */
interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const CREDENTIALS_HINT =
  'Log in (aws sso login), choose --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; wordfreq doctor looks deeper.';

/** By the names of errors, the first that fits. */
const EXPLANATIONS: readonly (readonly [RegExp, (facts: Facts) => Explanation])[] = [
  [
    /^NoSuchBucket$/,
    ({ message }) => ({
      code: 'no-such-bucket',
      message: `there is no bucket ${/s3:\/\/([^/]+)/.exec(message)?.[1] ?? 'of that name'}`,
      hint: 'Check --bucket and --region; PROCESSING_BUCKET and UPLOADING_BUCKET name the buckets by default.',
    }),
  ],
  [
    /QueueDoesNotExist|NonExistentQueue/,
    ({ message }) => ({
      code: 'no-such-queue',
      message: `there is no queue ${/https?:\/\/[^\s:]+(?::\d+)?[^\s:]*/.exec(message)?.[0] ?? 'of that name'}`,
      hint: 'Check the --…-queue-url options or JOBS_QUEUE_URL and DEAD_LETTER_QUEUE_URL, and --region.',
    }),
  ],
  [
    /^ResourceNotFoundException$/,
    ({ table }) => ({
      code: 'no-such-table',
      message: `there is no table ${table}`,
      hint: 'Check --results-table or RESULTS_TABLE, and --region; wordfreq create-table makes one.',
    }),
  ],
  [
    /^(PermanentRedirect|AuthorizationHeaderMalformed|TemporaryRedirect|301)$/,
    () => ({
      code: 'wrong-region',
      message: 'the bucket is in another region',
      hint: 'Name its region with --region or AWS_REGION.',
    }),
  ],
  [
    /^(CredentialsProviderError|TokenProviderError)$/,
    () => ({ code: 'no-credentials', message: 'no AWS credentials were found', hint: CREDENTIALS_HINT }),
  ],
  [
    /Expired/,
    () => ({
      code: 'expired-credentials',
      message: 'the AWS credentials have expired',
      hint: CREDENTIALS_HINT,
    }),
  ],
  [
    /^(InvalidAccessKeyId|InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidToken|InvalidSignatureException|IncompleteSignature)/,
    () => ({
      code: 'bad-credentials',
      message: 'AWS does not accept these credentials',
      hint: CREDENTIALS_HINT,
    }),
  ],
  [
    /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    ({ message }) => ({
      code: 'unreachable',
      message: `nothing answers at ${/ E[A-Z]+ (\S+:\d+)/.exec(message)?.[1] ?? 'the endpoint'}`,
      hint: 'Start it (wordfreq local), or check --endpoint-url and the AWS_ENDPOINT_URL variables.',
    }),
  ],
  [
    /^(InvalidAction|UnknownOperationException|UnknownOperation)$/,
    () => ({
      code: 'wrong-service',
      message: 'the endpoint is of another service',
      hint: '--endpoint-url sends every service to one address; set AWS_ENDPOINT_URL_S3, _SQS and _DYNAMODB where they differ.',
    }),
  ],
  [
    /^(ENOTFOUND|EAI_AGAIN)$/,
    () => ({
      code: 'unreachable',
      message: 'the endpoint’s name cannot be resolved',
      hint: 'Check the network, --region and --endpoint-url.',
    }),
  ],
];

/**
 * Turns what a call of AWS threw into one sentence with a hint. What nobody can explain better keeps its own
 * message; any other error passes unchanged.
 */
export function cloudError(error: unknown, names: Pick<ResourceNames, 'find'>): unknown {
  if (error instanceof CliError) return error;
  const facts = { ...factsOf(error), table: names.find('resultsTable') ?? 'of that name' };
  if (/Region is missing/i.test(facts.message)) {
    return cliError(error, {
      code: 'no-region',
      message: 'no AWS region was named',
      hint: 'Give --region or set AWS_REGION, such as eu-central-1.',
    });
  }
  for (const [pattern, explain] of EXPLANATIONS) {
    if (facts.names.some((name) => pattern.test(name))) return cliError(error, explain(facts));
  }
  if (facts.code === 'access-denied') {
    return cliError(error, {
      code: 'access-denied',
      message: `access was denied: ${lowerFirst(facts.message)}`,
      hint: 'Ask for the permission, or choose another --profile; wordfreq doctor lists what is missing.',
    });
  }
  return error;
}

function cliError(cause: unknown, { code, message, hint }: Explanation): CliError {
  return new CliError(message, { exitCode: EXIT_CODES.environment, code, hint, cause });
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function factsOf(error: unknown): Omit<Facts, 'table'> {
  const names: string[] = [];
  let code: string | undefined;
  let message = '';
  for (let level: unknown = error; typeof level === 'object' && level !== null; ) {
    const found = level as {
      readonly name?: unknown;
      readonly code?: unknown;
      readonly Code?: unknown;
      readonly message?: unknown;
      readonly cause?: unknown;
      readonly errors?: unknown;
      readonly $metadata?: { readonly httpStatusCode?: unknown };
    };
    for (const name of [found.name, found.Code, found.code]) if (typeof name === 'string') names.push(name);
    if (found.$metadata?.httpStatusCode === 301) names.push('301');
    code ??= typeof found.code === 'string' ? found.code : undefined;
    if (message === '' && typeof found.message === 'string') message = found.message;
    level = found.cause ?? (Array.isArray(found.errors) ? found.errors[0] : undefined);
  }
  return { names, code, message };
}
