import { CfnOutput } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The parts of a pipeline that its outputs name. */
interface PipelineParts extends Construct {
  readonly uploadBucket: IBucket;
  readonly processingBucket: IBucket;
  readonly table: ITable;
  readonly jobs: { readonly queue: IQueue };
  readonly deadLetters: IQueue;
  readonly upload: { readonly queue: IQueue | undefined; readonly deadLetters: IQueue } | undefined;
}

/**
 * Adds the stack's outputs: the upload bucket, the variables of the `wordfreq` command, and a reminder to
 * confirm mail.
 */
export function addOutputs(
  pipeline: PipelineParts,
  { alarmEmail, resultEmail }: { readonly alarmEmail?: string; readonly resultEmail?: string },
): void {
  new CfnOutput(pipeline, 'UploadBucketName', { value: pipeline.uploadBucket.bucketName });
  new CfnOutput(pipeline, 'CommandLine', { value: commandLineVariables(pipeline).join(' ') });
  if (alarmEmail === undefined && resultEmail === undefined) return;
  new CfnOutput(pipeline, 'ConfirmMails', {
    value: 'AWS has sent a mail for each subscription. Nothing else is mailed until its link is clicked.',
  });
}

/** The environment variables of the `wordfreq` command, in a form for `export $(…)`. */
function commandLineVariables(pipeline: PipelineParts): string[] {
  const { jobs, deadLetters, upload } = pipeline;
  return [
    `UPLOADING_BUCKET=${pipeline.uploadBucket.bucketName}`,
    `PROCESSING_BUCKET=${pipeline.processingBucket.bucketName}`,
    `RESULTS_TABLE=${pipeline.table.tableName}`,
    `JOBS_QUEUE_URL=${jobs.queue.queueUrl}`,
    `DEAD_LETTER_QUEUE_URL=${deadLetters.queueUrl}`,
    ...(upload?.queue === undefined ? [] : [`UPLOADS_QUEUE_URL=${upload.queue.queueUrl}`]),
    ...(upload === undefined ? [] : [`UPLOADS_DEAD_LETTER_QUEUE_URL=${upload.deadLetters.queueUrl}`]),
  ];
}
