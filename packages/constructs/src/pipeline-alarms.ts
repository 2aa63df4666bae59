import { Duration } from 'aws-cdk-lib';
import { type Alarm, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueWorkerService } from './queue-worker-service.ts';
import { ALARM_PERIOD, createRunbookAlarm } from './runbook-alarm.ts';
import { noWorkersExpression } from './scaling-metrics.ts';
import type { UploadCopy } from './upload-copy.ts';

/** Properties of {@link PipelineAlarms}. */
export interface PipelineAlarmsProps {
  /**
   * Is notified when an alarm fires and when it clears. The policy of a topic from another app must allow
   * CloudWatch to publish.
   */
  readonly topic: ITopic;
  /** The queue that the workers consume. */
  readonly jobs: IQueue;
  /** The dead-letter queue of the jobs. @default - no alarm for it */
  readonly jobDeadLetters?: IQueue | undefined;
  /** The dead-letter queue of the results queue. @default - no alarm for it */
  readonly undeliveredResults?: IQueue | undefined;
  /** The copying of uploads, whose function and dead letters are monitored. @default - no alarms for it */
  readonly upload?: UploadCopy | undefined;
  /** The workers, whose tasks are monitored. */
  readonly workers: QueueWorkerService;
  /** How long a job may wait before `JobsLate` fires. @default Duration.hours(1) */
  readonly maxJobAge?: Duration;
}

/** SQS's limit of messages in flight; at the limit it silently delivers no more. */
const IN_FLIGHT_LIMIT = 120_000;

/** The pipeline's alarms, each with why it fires and what to do. */
export class PipelineAlarms extends Construct {
  /** The alarms by name. */
  readonly alarms: { [name: string]: Alarm };

  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    this.alarms = Object.fromEntries([
      ...this.#deadLetterAlarms(props),
      ...this.#copyAlarms(props),
      ...this.#jobAlarms(props),
      ...this.#taskAlarms(props),
    ]);
  }

  #deadLetterAlarms({
    topic,
    jobDeadLetters,
    undeliveredResults,
    upload,
  }: PipelineAlarmsProps): [string, Alarm][] {
    const redrive = 'Fix the cause, then redrive the queue.';
    const queues: readonly [string, IQueue | undefined, string, string][] = [
      [
        'DeadLetters',
        jobDeadLetters,
        'jobs could not be processed.',
        `read reasonCode and reasonDetail of the dead letters. ${redrive}`,
      ],
      [
        'UncopiedUploads',
        upload?.deadLetters,
        'uploads could not be copied after several attempts.',
        `read reasonCode and reasonDetail of the dead letters, or the copy Lambda's log. ${redrive}`,
      ],
      [
        'UndeliveredResults',
        undeliveredResults,
        'a consumer of the results queue received messages repeatedly without deleting them.',
        'check the consumer; the results themselves are in the table.',
      ],
    ];
    return queues.flatMap(([name, queue, why, action]): [string, Alarm][] =>
      queue === undefined
        ? []
        : [[name, createRunbookAlarm(this, name, { metric: depth(queue), why, action, topic })]],
    );
  }

  #copyAlarms({ upload, topic }: PipelineAlarmsProps): [string, Alarm][] {
    if (upload === undefined) return [];
    const errors = createRunbookAlarm(this, 'CopyErrors', {
      metric: upload.function.metricErrors({ period: ALARM_PERIOD }),
      periods: 3,
      why: 'the copy Lambda has been failing for 15 minutes.',
      action:
        "read its log; 403 means that its role may not read uploads, write copies, or use a bucket's key.",
      topic,
    });
    return [['CopyErrors', errors]];
  }

  #jobAlarms({ jobs, topic, maxJobAge = Duration.hours(1) }: PipelineAlarmsProps): [string, Alarm][] {
    const late = createRunbookAlarm(this, 'JobsLate', {
      metric: jobs.metricApproximateAgeOfOldestMessage({ period: ALARM_PERIOD, statistic: 'Maximum' }),
      threshold: maxJobAge.toSeconds(),
      why: `a job has waited for more than ${maxJobAge.toSeconds()} seconds.`,
      action:
        'check whether tasks are running (WorkersMissing); if maxTasks is reached, raise it, else lower drainTarget.',
      topic,
    });
    const inFlight = createRunbookAlarm(this, 'TooManyInFlight', {
      metric: jobs.metricApproximateNumberOfMessagesNotVisible({
        period: ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      threshold: IN_FLIGHT_LIMIT * 0.8,
      why: "the messages in flight are above 80 % of SQS's limit.",
      action: 'lower maxTasks or the concurrency; at the limit the queue delivers nothing.',
      topic,
    });
    return [
      ['JobsLate', late],
      ['TooManyInFlight', inFlight],
    ];
  }

  #taskAlarms({ jobs, workers, topic }: PipelineAlarmsProps): [string, Alarm][] {
    const missing = createRunbookAlarm(this, 'WorkersMissing', {
      metric: new MathExpression({
        expression: noWorkersExpression('visible'),
        period: ALARM_PERIOD,
        label: 'work is waiting, no task is running',
        usingMetrics: {
          visible: jobs.metricApproximateNumberOfMessagesVisible({
            period: ALARM_PERIOD,
            statistic: 'Minimum',
          }),
          running: workers.scaling.runningTasks.with({ period: ALARM_PERIOD }),
        },
      }),
      periods: 3,
      why: 'work has been waiting for 15 minutes and no task is running.',
      action:
        "read the service's events and stopped tasks: the cause may be the image's tag or architecture, the execution role, or the network path to ECR.",
      topic,
    });
    return [['WorkersMissing', missing]];
  }
}

function depth(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' });
}
