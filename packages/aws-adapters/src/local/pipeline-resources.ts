/** What the pipeline's resources are called. */
export interface PipelineNames {
  readonly uploadingBucket: string;
  readonly processingBucket: string;
  readonly fileCopiedTopic: string;
  readonly resultsTopic: string;
  readonly failuresTopic: string;
  /** S3's events for the copy Lambda. */
  readonly uploadsQueue: string;
  readonly jobsQueue: string;
  readonly resultsQueue: string;
  readonly deadLettersQueue: string;
  /** Stands for the e-mail addresses that would be subscribed to the topics. */
  readonly mailboxQueue: string;
  readonly resultsTable: string;
}

/** The names that a deployment has by default, too. */
export const DEFAULT_PIPELINE_NAMES: PipelineNames = {
  uploadingBucket: 'wordfreq-uploading',
  processingBucket: 'wordfreq-processing',
  fileCopiedTopic: 'wordfreq-file-copied',
  resultsTopic: 'wordfreq-results',
  failuresTopic: 'wordfreq-failures',
  uploadsQueue: 'wordfreq-uploads',
  jobsQueue: 'wordfreq-jobs',
  resultsQueue: 'wordfreq-results',
  deadLettersQueue: 'wordfreq-dead-letters',
  mailboxQueue: 'wordfreq-mailbox',
  resultsTable: 'wordfreq-results',
};

/** A provisioned pipeline: everything an application must be told. */
export interface PipelineResources {
  readonly uploadingBucket: string;
  readonly processingBucket: string;
  readonly resultsTable: string;
  readonly fileCopiedTopicArn: string;
  readonly resultsTopicArn: string;
  readonly failuresTopicArn: string;
  readonly uploadsQueueUrl: string;
  readonly uploadsQueueArn: string;
  readonly jobsQueueUrl: string;
  readonly resultsQueueUrl: string;
  readonly deadLettersQueueUrl: string;
  readonly mailboxQueueUrl: string;
  /** How often the queues hand a message out before they move it to the dead letters by themselves. */
  readonly maxReceives: number;
  /** The applications' environment variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Names the resources as the applications' environment does. */
export function environmentOf(
  resources: Omit<PipelineResources, 'environment'>,
): PipelineResources['environment'] {
  return {
    UPLOADING_BUCKET: resources.uploadingBucket,
    PROCESSING_BUCKET: resources.processingBucket,
    RESULTS_TABLE: resources.resultsTable,
    RESULTS_TOPIC_ARN: resources.resultsTopicArn,
    FAILURES_TOPIC_ARN: resources.failuresTopicArn,
    JOBS_QUEUE_URL: resources.jobsQueueUrl,
    RESULTS_QUEUE_URL: resources.resultsQueueUrl,
    DEAD_LETTER_QUEUE_URL: resources.deadLettersQueueUrl,
    MAX_RECEIVES: String(resources.maxReceives),
  };
}
