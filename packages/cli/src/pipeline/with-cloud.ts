import { type AwsProblem, awsProblem, isCoded } from '@org/wordfreq-aws-adapters/errors';
import type { CodedError } from '@org/wordfreq-aws-adapters/ports';
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

/** One sentence and one hint for what a person can do something about. */
export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** What an explanation may name. */
interface Facts {
  /** What the error says, the outermost first. */
  readonly message: string;
  /** The table that commands read: its absence is reported without its name. */
  readonly table: string;
}

const CREDENTIALS_HINT =
  'Log in (aws sso login), choose --profile, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Check them with wordfreq doctor.';
const WRONG_SERVICE_HINT =
  '--endpoint-url sends every service to one address; set AWS_ENDPOINT_URL_S3, _SQS and _DYNAMODB where they differ.';

/** The sentence and the hint for each problem that errors of AWS stand for. */
const EXPLANATIONS: Readonly<Record<AwsProblem, (facts: Facts) => Explanation>> = {
  'no-such-bucket': ({ message }) => ({
    code: 'no-such-bucket',
    message: `there is no bucket ${/s3:\/\/([^/]+)/.exec(message)?.[1] ?? 'of that name'}`,
    hint: 'Check --bucket and --region; PROCESSING_BUCKET and UPLOADING_BUCKET name the buckets by default.',
  }),
  'no-such-queue': ({ message }) => ({
    code: 'no-such-queue',
    message: `there is no queue ${/https?:\/\/[^\s:]+(?::\d+)?[^\s:]*/.exec(message)?.[0] ?? 'of that name'}`,
    hint: 'Check the --…-queue-url options or JOBS_QUEUE_URL and DEAD_LETTER_QUEUE_URL, and --region.',
  }),
  'no-such-table': ({ table }) => ({
    code: 'no-such-table',
    message: `there is no table ${table}`,
    hint: 'Check --results-table or RESULTS_TABLE, and --region; wordfreq create-table makes one.',
  }),
  'no-region': () => ({
    code: 'no-region',
    message: 'no AWS region was named',
    hint: 'Give --region or set AWS_REGION, such as eu-central-1.',
  }),
  'wrong-region': () => ({
    code: 'wrong-region',
    message: 'the bucket is in another region',
    hint: 'Name its region with --region or AWS_REGION.',
  }),
  'no-credentials': () => ({
    code: 'no-credentials',
    message: 'no AWS credentials were found',
    hint: CREDENTIALS_HINT,
  }),
  'expired-credentials': () => ({
    code: 'expired-credentials',
    message: 'the AWS credentials have expired',
    hint: CREDENTIALS_HINT,
  }),
  'bad-credentials': () => ({
    code: 'bad-credentials',
    message: 'AWS does not accept these credentials',
    hint: CREDENTIALS_HINT,
  }),
  unreachable: ({ message }) => ({
    code: 'unreachable',
    message: `nothing answers at ${/ E[A-Z]+ (\S+:\d+)/.exec(message)?.[1] ?? 'the endpoint'}`,
    hint: 'Start it (wordfreq local), or check --endpoint-url and the AWS_ENDPOINT_URL variables.',
  }),
  'unknown-host': () => ({
    code: 'unreachable',
    message: 'the endpoint’s name cannot be resolved',
    hint: 'Check the network, --region and --endpoint-url.',
  }),
  'wrong-service': () => ({
    code: 'wrong-service',
    message: 'the endpoint belongs to another service',
    hint: WRONG_SERVICE_HINT,
  }),
};

/** Explains an error of AWS in one sentence with a hint, if it is one that a person can do something about. */
export function explainAwsError(
  error: unknown,
  { table = 'of that name' }: { readonly table?: string | undefined } = {},
): Explanation | undefined {
  const problem = awsProblem(error);
  return problem === undefined ? undefined : EXPLANATIONS[problem]({ message: messageOf(error), table });
}

/**
 * Turns what a call of AWS threw into one sentence with a hint. What nobody can explain better keeps its own
 * message; any other error passes unchanged.
 */
export function cloudError(error: unknown, names: Pick<ResourceNames, 'find'>): unknown {
  if (error instanceof CliError) return error;
  const explanation = explainAwsError(error, { table: names.find('resultsTable') });
  if (explanation !== undefined) return cliError(error, explanation);
  if (!isCoded(error)) return error;
  if (error.code !== 'access-denied') return isOfAws(error) ? cliError(error, unknownProblem(error)) : error;
  return cliError(error, {
    code: 'access-denied',
    message: `access was denied: ${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`,
    hint: 'Ask for the permission, or choose another --profile; wordfreq doctor lists what is missing.',
  });
}

/** Whether AWS, or a server with its protocol, refused a request. */
function isOfAws({ cause }: Error): boolean {
  return typeof cause === 'object' && cause !== null && '$metadata' in cause;
}

function unknownProblem({ code, message, retryable }: CodedError): Explanation {
  const hint = retryable
    ? 'Try again later, or check the connection with wordfreq doctor.'
    : 'Check --region, --endpoint-url and the names, for example with wordfreq doctor.';
  return { code, message, hint };
}

function cliError(cause: unknown, { code, message, hint }: Explanation): CliError {
  return new CliError(message, { exitCode: EXIT_CODES.environment, code, hint, cause });
}

/** The first message that is not empty: that of an `AggregateError` is. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if (error.message !== '') return error.message;
  return messageOf(error instanceof AggregateError ? error.errors[0] : error.cause);
}
