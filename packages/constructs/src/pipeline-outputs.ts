import { CfnOutput } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What of a pipeline its outputs name. */
export interface Addressed extends Construct {
  readonly uploadBucket: IBucket;
  readonly processingBucket: IBucket;
  readonly table: ITable;
  readonly jobs: { readonly queue: IQueue };
  readonly deadLetters: IQueue;
  readonly upload: { readonly queue: IQueue | undefined; readonly deadLetters: IQueue };
}

/** Writes the stack's outputs: where uploads go, what the command `wordfreq` needs, and that mail must be confirmed. */
export function tellOutputs(
  pipeline: Addressed,
  { alarmEmail, resultEmail }: { readonly alarmEmail?: string; readonly resultEmail?: string },
): void {
  new CfnOutput(pipeline, 'UploadBucketName', { value: pipeline.uploadBucket.bucketName });
  new CfnOutput(pipeline, 'CommandLine', { value: commandLineVariables(pipeline).join(' ') });
  if (alarmEmail === undefined && resultEmail === undefined) return;
  new CfnOutput(pipeline, 'ConfirmMails', {
    value: 'AWS has sent a mail for each subscription; nothing more comes before its link is clicked.',
  });
}

/** The variables of the command `wordfreq`: `export $(…)`. */
function commandLineVariables(pipeline: Addressed): string[] {
  const { jobs, deadLetters, upload } = pipeline;
  return [
    `UPLOADING_BUCKET=${pipeline.uploadBucket.bucketName}`,
    `PROCESSING_BUCKET=${pipeline.processingBucket.bucketName}`,
    `RESULTS_TABLE=${pipeline.table.tableName}`,
    `JOBS_QUEUE_URL=${jobs.queue.queueUrl}`,
    `DEAD_LETTER_QUEUE_URL=${deadLetters.queueUrl}`,
    ...(upload.queue === undefined ? [] : [`UPLOADS_QUEUE_URL=${upload.queue.queueUrl}`]),
    `UPLOADS_DEAD_LETTER_QUEUE_URL=${upload.deadLetters.queueUrl}`,
  ];
}
