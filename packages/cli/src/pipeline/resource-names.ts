import { type Option, text } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';

/**
 * Where and as whom to call AWS, named as the AWS CLI names it. What is absent comes from the SDK's own
 * variables and files.
 */
export interface CloudOptions {
  readonly region?: string | undefined;
  /**
   * Sends every service's calls to one place. Default: each service's own endpoint, or
   * `AWS_ENDPOINT_URL_<SERVICE>`.
   */
  readonly endpointUrl?: string | undefined;
  readonly profile?: string | undefined;
}

/** A service of AWS that the pipeline uses. */
export type Service = 's3' | 'sqs' | 'dynamodb' | 'sns';

/** A resource of a deployed pipeline. */
export interface PipelineResource {
  readonly what: string;
  /** The variable that names it, which the worker and the copy Lambda have, too. */
  readonly variable: string;
  readonly service: Service;
  readonly example: string;
}

const queue = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`;
const topic = (name: string): string => `arn:aws:sns:eu-central-1:123456789012:${name}`;

/** The name of the option by which a command takes a resource. */
export type ResourceName =
  | 'uploadingBucket'
  | 'uploadsQueueUrl'
  | 'uploadsDeadLetterQueueUrl'
  | 'processingBucket'
  | 'jobsQueueUrl'
  | 'deadLetterQueueUrl'
  | 'resultsTable'
  | 'resultsQueueUrl'
  | 'resultsTopicArn'
  | 'failuresTopicArn';

/** What a deployed pipeline consists of. */
export const PIPELINE_RESOURCES: Readonly<Record<ResourceName, PipelineResource>> = {
  uploadingBucket: {
    what: 'uploading bucket',
    variable: 'UPLOADING_BUCKET',
    service: 's3',
    example: 'wordfreq-uploading',
  },
  uploadsQueueUrl: {
    what: 'uploads queue',
    variable: 'UPLOADS_QUEUE_URL',
    service: 'sqs',
    example: queue('wordfreq-uploads'),
  },
  uploadsDeadLetterQueueUrl: {
    what: 'uploads dead-letter queue',
    variable: 'UPLOADS_DEAD_LETTER_QUEUE_URL',
    service: 'sqs',
    example: queue('wordfreq-uploads-dead-letters'),
  },
  processingBucket: {
    what: 'processing bucket',
    variable: 'PROCESSING_BUCKET',
    service: 's3',
    example: 'wordfreq-processing',
  },
  jobsQueueUrl: {
    what: 'jobs queue',
    variable: 'JOBS_QUEUE_URL',
    service: 'sqs',
    example: queue('wordfreq-jobs'),
  },
  deadLetterQueueUrl: {
    what: 'dead-letter queue',
    variable: 'DEAD_LETTER_QUEUE_URL',
    service: 'sqs',
    example: queue('wordfreq-dead-letters'),
  },
  resultsTable: {
    what: 'results table',
    variable: 'RESULTS_TABLE',
    service: 'dynamodb',
    example: 'wordfreq-results',
  },
  resultsQueueUrl: {
    what: 'results queue',
    variable: 'RESULTS_QUEUE_URL',
    service: 'sqs',
    example: queue('wordfreq-results'),
  },
  resultsTopicArn: {
    what: 'results topic',
    variable: 'RESULTS_TOPIC_ARN',
    service: 'sns',
    example: topic('wordfreq-results'),
  },
  failuresTopicArn: {
    what: 'failures topic',
    variable: 'FAILURES_TOPIC_ARN',
    service: 'sns',
    example: topic('wordfreq-failures'),
  },
};

/** The flag of a resource: its variable in lower case. */
function flagFor(name: ResourceName): string {
  return `--${PIPELINE_RESOURCES[name].variable.toLowerCase().replaceAll('_', '-')}`;
}

/** What the options of a command name. */
export type ResourceNameOptions = { readonly [Name in ResourceName]?: string | undefined };

/** Flags that a command calls otherwise, such as `--bucket` for the one bucket that it is about. */
export type OtherFlags = { readonly [Name in ResourceName]?: string };

/** Where a command's resources are. */
export interface ResourceNames {
  /** The resource's name, if it has been given one. */
  find(name: ResourceName): string | undefined;
  /** All of its names: the workers may read several buckets. */
  all(name: ResourceName): readonly string[];
  /** @throws CliError, exit code 2: neither option nor variable names it, or what is named can be no queue */
  get(name: ResourceName): string;
}

/**
 * Names a pipeline's resources: an option wins over its environment variable; an empty variable counts as
 * unset.
 *
 * @example
 * resourceNames({ resultsTable: 'mine' }, process.env).get('resultsTable'); // 'mine'
 */
export function resourceNames(
  options: ResourceNameOptions,
  environment: Readonly<Record<string, string | undefined>>,
  flags: OtherFlags = {},
): ResourceNames {
  const flagOf = (name: ResourceName): string => flags[name] ?? flagFor(name);

  function all(name: ResourceName): readonly string[] {
    const { variable } = PIPELINE_RESOURCES[name];
    const given = options[name];
    const named = given === undefined ? (environment[variable] ?? '').split(',') : [given];
    return named.map((one) => one.trim()).filter((one) => one !== '');
  }

  function find(name: ResourceName): string | undefined {
    // The first of several buckets is the pipeline's own.
    const [named] = all(name);
    if (named !== undefined && name.endsWith('QueueUrl')) requireUrl(name, flagOf(name), named);
    return named;
  }
  return {
    find,
    all,
    get(name) {
      const named = find(name);
      if (named !== undefined) return named;
      const { variable, what, example } = PIPELINE_RESOURCES[name];
      throw new CliError(`no ${what} was named`, {
        exitCode: EXIT_CODES.usage,
        code: 'not-named',
        hint: `Give ${flagOf(name)} or set ${variable}, such as ${example}. For a pipeline on this machine: wordfreq local`,
      });
    },
  };
}

/** The bucket whose uploads are copied before they are counted; undefined where workers read it themselves. */
export function bucketOfCopiedUploads(names: ResourceNames): string | undefined {
  const uploads = names.find('uploadingBucket');
  return uploads !== undefined && isRead(names, uploads) ? undefined : uploads;
}

/** Whether a bucket is one of those that workers read. */
export function isRead(names: ResourceNames, bucket: string): boolean {
  return names.all('processingBucket').includes(bucket);
}

function requireUrl(name: ResourceName, flag: string, value: string): void {
  if (URL.canParse(value)) return;
  const { variable, example } = PIPELINE_RESOURCES[name];
  throw new CliError(`expected ${flag} or ${variable} to be a queue URL, got ${JSON.stringify(value)}`, {
    exitCode: EXIT_CODES.usage,
    code: 'bad-queue-url',
    hint: `A queue URL looks like ${example}`,
  });
}

/** The options by which a command's resources are named, each with the variable that stands in for it. */
export function resourceOptions<const Name extends ResourceName>(
  ...names: readonly Name[]
): { readonly [N in Name]: Option<string | undefined> } {
  return Object.fromEntries(names.map((name) => [name, optionFor(name)])) as {
    readonly [N in Name]: Option<string | undefined>;
  };
}

/** `--bucket`, where a command is about one bucket. */
export function bucketOption(name: 'uploadingBucket' | 'processingBucket'): Option<string | undefined> {
  return optionFor(name);
}

function optionFor(name: ResourceName): Option<string | undefined> {
  const { what, variable } = PIPELINE_RESOURCES[name];
  const value = name.endsWith('Url') ? 'url' : name.endsWith('Arn') ? 'arn' : 'name';
  return text(value, `${what}; else ${variable}`);
}

/** A key as a person gives it: alone, or as `s3://bucket/key`. */
interface ObjectArgument {
  readonly bucket?: string;
  readonly key: string;
}

/** Reads a key or an `s3://` address. A key may begin with anything else, also with a slash. */
export function objectArgument(given: string): ObjectArgument {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(given) ?? [];
  return bucket === undefined || key === undefined ? { key: given } : { bucket, key };
}
