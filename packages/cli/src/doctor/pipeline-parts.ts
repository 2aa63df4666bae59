import { type Option, text } from '../command-line/option.ts';

/** A service of AWS that the pipeline uses. */
export type Service = 's3' | 'sqs' | 'dynamodb' | 'sns';

/** A part of a pipeline that can be looked at. */
export interface PipelinePart {
  readonly what: string;
  /** The variable that names it; the option is the same in lower case. */
  readonly variable: string;
  readonly service: Service;
}

/** The names of the parts' options. */
export type PartName =
  | 'uploadingBucket'
  | 'processingBucket'
  | 'jobsQueueUrl'
  | 'deadLetterQueueUrl'
  | 'resultsQueueUrl'
  | 'resultsTable'
  | 'resultsTopicArn'
  | 'failuresTopicArn';

/** What a deployed pipeline consists of, by the names of the options. */
export const PIPELINE_PARTS: Readonly<Record<PartName, PipelinePart>> = {
  uploadingBucket: { what: 'uploading bucket', variable: 'UPLOADING_BUCKET', service: 's3' },
  processingBucket: { what: 'processing bucket', variable: 'PROCESSING_BUCKET', service: 's3' },
  jobsQueueUrl: { what: 'jobs queue', variable: 'JOBS_QUEUE_URL', service: 'sqs' },
  deadLetterQueueUrl: { what: 'dead-letter queue', variable: 'DEAD_LETTER_QUEUE_URL', service: 'sqs' },
  resultsQueueUrl: { what: 'results queue', variable: 'RESULTS_QUEUE_URL', service: 'sqs' },
  resultsTable: { what: 'results table', variable: 'RESULTS_TABLE', service: 'dynamodb' },
  resultsTopicArn: { what: 'results topic', variable: 'RESULTS_TOPIC_ARN', service: 'sns' },
  failuresTopicArn: { what: 'failures topic', variable: 'FAILURES_TOPIC_ARN', service: 'sns' },
};

/** What the parts are called: options win over variables, and an empty one counts as unset. */
export type PartNames = { readonly [Name in PartName]?: string | undefined };

/** One option for each part. */
export const PART_OPTIONS: { readonly [Name in PartName]: Option<string | undefined> } = Object.fromEntries(
  Object.entries(PIPELINE_PARTS).map(([name, { what, variable }]) => {
    const value = name.endsWith('Url') ? 'url' : name.endsWith('Arn') ? 'arn' : 'name';
    return [name, text(value, `${what}; else ${variable}`)];
  }),
) as { readonly [Name in PartName]: Option<string | undefined> };

/** The parts that options and the environment name. */
export function partNames(
  options: PartNames,
  environment: Readonly<Record<string, string | undefined>>,
): PartNames {
  return Object.fromEntries(
    Object.entries(PIPELINE_PARTS).map(([name, { variable }]) => [
      name,
      // Workers may read several buckets; the first is the pipeline's own.
      options[name as PartName] ?? (environment[variable]?.split(',', 1)[0]?.trim() || undefined),
    ]),
  );
}
