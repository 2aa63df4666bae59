import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { QueueWorkerService } from './queue-worker-service.ts';
import type { UploadCopy } from './upload-copy.ts';

/** What of a pipeline is measured. */
export interface Measured {
  readonly jobs: IQueue;
  readonly jobDeadLetters?: IQueue | undefined;
  readonly upload: UploadCopy;
  readonly workers: QueueWorkerService;
}

/** The pipeline's numbers, for dashboards and alarms of one's own. */
export interface PipelineMetrics {
  /** Jobs that nobody has taken. */
  readonly waitingJobs: IMetric;
  /** Jobs that workers have in hand. */
  readonly jobsInFlight: IMetric;
  /** How long the oldest job has been in the queue, in seconds. */
  readonly oldestJobAge: IMetric;
  /** Jobs that could not be processed. @default - absent where their queue is not known */
  readonly deadLetters?: IMetric;
  /** Tasks that run. */
  readonly runningTasks: IMetric;
  /** Needed tasks ÷ running ones; 1 is right. */
  readonly workPerTask: IMetric;
  /** Of the tasks, in percent. */
  readonly cpuUtilization: IMetric;
  /** Of the tasks, in percent. */
  readonly memoryUtilization: IMetric;
  /** Calls of the copy Lambda. */
  readonly copies: IMetric;
  /** Those that failed. */
  readonly copyErrors: IMetric;
}

/** Waiting and in flight are as scaling reads them, so that a graph of both names each once. */
export function pipelineMetrics({ jobs, jobDeadLetters, upload, workers }: Measured): PipelineMetrics {
  const { scaling, service } = workers;
  const asScaling = { period: Duration.minutes(1), statistic: 'Maximum' };
  return {
    waitingJobs: jobs.metricApproximateNumberOfMessagesVisible(asScaling),
    jobsInFlight: jobs.metricApproximateNumberOfMessagesNotVisible(asScaling),
    oldestJobAge: jobs.metricApproximateAgeOfOldestMessage(),
    ...(jobDeadLetters === undefined
      ? {}
      : { deadLetters: jobDeadLetters.metricApproximateNumberOfMessagesVisible() }),
    runningTasks: scaling.runningTasks,
    workPerTask: scaling.workPerTask,
    cpuUtilization: service.metricCpuUtilization(),
    memoryUtilization: service.metricMemoryUtilization(),
    copies: upload.function.metricInvocations(),
    copyErrors: upload.function.metricErrors(),
  };
}
