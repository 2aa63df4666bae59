import { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { QueueWorkerService } from './queue-worker-service.ts';
import type { UploadCopy } from './upload-copy.ts';

/** The parts of a pipeline that are measured. */
export interface MonitoredParts {
  readonly jobs: IQueue;
  readonly jobDeadLetters?: IQueue | undefined;
  readonly upload?: UploadCopy | undefined;
  readonly workers: QueueWorkerService;
}

/** The pipeline's metrics, for dashboards and alarms of your own. */
export interface PipelineMetrics {
  /** Jobs that are waiting in the queue. */
  readonly waitingJobs: IMetric;
  /** Jobs that workers are processing. */
  readonly jobsInFlight: IMetric;
  /** The age of the oldest job in the queue, in seconds. */
  readonly oldestJobAge: IMetric;
  /** Jobs that could not be processed. @default - `undefined` if their queue is not known */
  readonly deadLetters?: IMetric;
  /** The number of running tasks. */
  readonly runningTasks: IMetric;
  /** Needed tasks ÷ running tasks; the target is 1. */
  readonly workPerTask: IMetric;
  /** CPU utilization of the tasks, in percent. */
  readonly cpuUtilization: IMetric;
  /** Memory utilization of the tasks, in percent. */
  readonly memoryUtilization: IMetric;
  /** Invocations of the copy Lambda. @default - `undefined` where uploads are not copied */
  readonly copies?: IMetric;
  /** Failed invocations of the copy Lambda. @default - `undefined` where uploads are not copied */
  readonly copyErrors?: IMetric;
}

/**
 * `waitingJobs` and `jobsInFlight` are the metrics that scaling reads, so that a graph of both lists each
 * once.
 */
export function pipelineMetrics({ jobs, jobDeadLetters, upload, workers }: MonitoredParts): PipelineMetrics {
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
    ...(upload === undefined
      ? {}
      : { copies: upload.function.metricInvocations(), copyErrors: upload.function.metricErrors() }),
  };
}
