/** The names of the pipeline's resources. */
export interface PipelineNames {
  /** The bucket to which files are uploaded. */
  readonly uploadingBucket: string;
  /** The bucket to which uploads are copied and from which workers read. */
  readonly processingBucket: string;
  /** The topic that announces copies. */
  readonly fileCopiedTopic: string;
  /** The topic for notifications of results. */
  readonly resultsTopic: string;
  /** The topic for notifications of failures. */
  readonly failuresTopic: string;
  /** S3's events for the copy Lambda. */
  readonly uploadsQueue: string;
  /** The queue that workers consume. */
  readonly jobsQueue: string;
  /** The queue that receives results. */
  readonly resultsQueue: string;
  /** The dead-letter queue of the jobs. */
  readonly deadLettersQueue: string;
  /** The queue that is subscribed to both topics in place of e-mail addresses. */
  readonly mailboxQueue: string;
  /** The table of results. */
  readonly resultsTable: string;
}

/** The default names, as in a deployment. */
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

/** The resources that exist only where uploads are copied before they are counted. */
export interface CopyingResources {
  /** The queue for announcements of uploads. */
  readonly uploadsQueueUrl: string;
  /** The ARN of the queue for announcements of uploads. */
  readonly uploadsQueueArn: string;
  /** The topic that announces copies. */
  readonly fileCopiedTopicArn: string;
}

/** A provisioned pipeline: everything that an application needs to know. */
export interface PipelineResources {
  /** The bucket to which files are uploaded. */
  readonly uploadingBucket: string;
  /** The bucket from which workers read: the one for copies, or that of uploads. */
  readonly processingBucket: string;
  /** How uploads are copied; absent where they are counted in place. */
  readonly copying?: CopyingResources;
  /** The table of results. */
  readonly resultsTable: string;
  /** The topic for notifications of results. */
  readonly resultsTopicArn: string;
  /** The topic for notifications of failures. */
  readonly failuresTopicArn: string;
  /** The queue that workers consume. */
  readonly jobsQueueUrl: string;
  /** The queue that receives results. */
  readonly resultsQueueUrl: string;
  /** The dead-letter queue of the jobs. */
  readonly deadLettersQueueUrl: string;
  /** A queue that is subscribed to both topics: it receives what people would get by mail. */
  readonly mailboxQueueUrl: string;
  /** How often the queues deliver a message before they move it to the dead letters themselves. */
  readonly maxReceives: number;
  /** The applications' environment variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Returns the applications' environment variables for the resources. */
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
