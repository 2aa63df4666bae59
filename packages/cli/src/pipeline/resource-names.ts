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

/** What a command must know about a deployed pipeline. */
export type ResourceName =
  | 'uploadingBucket'
  | 'processingBucket'
  | 'jobsQueueUrl'
  | 'deadLetterQueueUrl'
  | 'uploadsQueueUrl'
  | 'uploadsDeadLetterQueueUrl'
  | 'resultsTable';

/**
 * How a resource is named: by an option, or else by the variable that the worker and the copy Lambda have,
 * too.
 */
export interface ResourceOption {
  readonly flag: string;
  readonly variable: string;
  readonly what: string;
  readonly example: string;
}

const queue = (name: string): string => `https://sqs.eu-central-1.amazonaws.com/123456789012/${name}`;

/** Each resource's option and variable. An option is its variable in lower case. */
export const RESOURCE_OPTIONS: Readonly<Record<ResourceName, ResourceOption>> = {
  uploadingBucket: {
    flag: '--uploading-bucket',
    variable: 'UPLOADING_BUCKET',
    what: 'bucket for uploads',
    example: 'wordfreq-uploading',
  },
  processingBucket: {
    flag: '--processing-bucket',
    variable: 'PROCESSING_BUCKET',
    what: 'bucket that the workers read',
    example: 'wordfreq-processing',
  },
  jobsQueueUrl: {
    flag: '--jobs-queue-url',
    variable: 'JOBS_QUEUE_URL',
    what: 'jobs queue',
    example: queue('wordfreq-jobs'),
  },
  deadLetterQueueUrl: {
    flag: '--dead-letter-queue-url',
    variable: 'DEAD_LETTER_QUEUE_URL',
    what: 'dead-letter queue of the jobs',
    example: queue('wordfreq-dead-letters'),
  },
  uploadsQueueUrl: {
    flag: '--uploads-queue-url',
    variable: 'UPLOADS_QUEUE_URL',
    what: 'queue of the uploads',
    example: queue('wordfreq-uploads'),
  },
  uploadsDeadLetterQueueUrl: {
    flag: '--uploads-dead-letter-queue-url',
    variable: 'UPLOADS_DEAD_LETTER_QUEUE_URL',
    what: 'dead-letter queue of the uploads',
    example: queue('wordfreq-uploads-dead-letters'),
  },
  resultsTable: {
    flag: '--results-table',
    variable: 'RESULTS_TABLE',
    what: 'table of results',
    example: 'wordfreq-results',
  },
};

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
  const flagOf = (name: ResourceName): string => flags[name] ?? RESOURCE_OPTIONS[name].flag;

  function all(name: ResourceName): readonly string[] {
    const { variable } = RESOURCE_OPTIONS[name];
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
      const { variable, what, example } = RESOURCE_OPTIONS[name];
      throw new CliError(`no ${what} was named`, {
        exitCode: EXIT_CODES.usage,
        code: 'not-named',
        hint: `Give ${flagOf(name)} or set ${variable}, such as ${example}. For a pipeline on this machine: wordfreq local`,
      });
    },
  };
}

function requireUrl(name: ResourceName, flag: string, value: string): void {
  if (URL.canParse(value)) return;
  const { variable, example } = RESOURCE_OPTIONS[name];
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
  const { what, variable } = RESOURCE_OPTIONS[name];
  return text(name.endsWith('QueueUrl') ? 'url' : 'name', `${what}; else ${variable}`);
}

/** A key as a person gives it: alone, or as `s3://bucket/key`. */
export interface ObjectArgument {
  readonly bucket?: string;
  readonly key: string;
}

/** Reads a key or an `s3://` address. A key may begin with anything else, also with a slash. */
export function objectArgument(given: string): ObjectArgument {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(given) ?? [];
  return bucket === undefined || key === undefined ? { key: given } : { bucket, key };
}
