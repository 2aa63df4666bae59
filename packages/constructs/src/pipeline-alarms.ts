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
  /** Gets a message when an alarm fires, and when it is over; one of another app must let CloudWatch publish. */
  readonly topic: ITopic;
  /** The queue that the workers work on. */
  readonly jobs: IQueue;
  /** Where jobs end that cannot be processed. @default - no alarm for them */
  readonly jobDeadLetters?: IQueue | undefined;
  /** Where results end that a consumer gave up. @default - no alarm for them */
  readonly undeliveredResults?: IQueue | undefined;
  /** Whose function and dead letters are watched. */
  readonly upload: UploadCopy;
  /** Whose tasks are watched. */
  readonly workers: QueueWorkerService;
  /** A job that waits longer is late. @default Duration.hours(1) */
  readonly maxJobAge?: Duration;
}

/** SQS lets 120,000 messages be in flight, and then silently gives out no more. */
const IN_FLIGHT_LIMIT = 120_000;

/** The pipeline's alarms, each with why it fires and what to do. */
export class PipelineAlarms extends Construct {
  /** By name. */
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
    const redrive = 'Mend it, then redrive the queue.';
    const queues: readonly [string, IQueue | undefined, string, string][] = [
      [
        'DeadLetters',
        jobDeadLetters,
        'jobs could not be processed.',
        `read reasonCode and reasonDetail of the dead letters. ${redrive}`,
      ],
      [
        'UncopiedUploads',
        upload.deadLetters,
        'uploads could not be copied after several tries.',
        `read reasonCode and reasonDetail of the dead letters, or the copy Lambda's log. ${redrive}`,
      ],
      [
        'UndeliveredResults',
        undeliveredResults,
        'a consumer of the results queue gave messages up.',
        'look at the consumer; the results themselves are in the table.',
      ],
    ];
    return queues.flatMap(([name, queue, why, action]): [string, Alarm][] =>
      queue === undefined
        ? []
        : [[name, createRunbookAlarm(this, name, { metric: depth(queue), why, action, topic })]],
    );
  }

  #copyAlarms({ upload, topic }: PipelineAlarmsProps): [string, Alarm][] {
    const errors = createRunbookAlarm(this, 'CopyErrors', {
      metric: upload.function.metricErrors({ period: ALARM_PERIOD }),
      periods: 3,
      why: 'the copy Lambda has been failing for 15 minutes.',
      action: "read its log; 403: its role may not read uploads, write copies, or use a bucket's key.",
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
        'see whether tasks run (WorkersMissing); if maxTasks is reached raise it, else lower drainTarget.',
      topic,
    });
    const inFlight = createRunbookAlarm(this, 'TooManyInFlight', {
      metric: jobs.metricApproximateNumberOfMessagesNotVisible({
        period: ALARM_PERIOD,
        statistic: 'Maximum',
      }),
      threshold: IN_FLIGHT_LIMIT * 0.8,
      why: 'more than 80 % of the messages that SQS lets be in flight are.',
      action: 'lower maxTasks or the concurrency; beyond the limit the queue gives out nothing.',
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
        label: 'work waits, no task runs',
        usingMetrics: {
          visible: jobs.metricApproximateNumberOfMessagesVisible({
            period: ALARM_PERIOD,
            statistic: 'Minimum',
          }),
          running: workers.scaling.runningTasks.with({ period: ALARM_PERIOD }),
        },
      }),
      periods: 3,
      why: 'work has been waiting for 15 minutes and no task runs.',
      action:
        "read the service's events and stopped tasks: it may be the image's tag or architecture, the execution role, or the way to ECR.",
      topic,
    });
    return [['WorkersMissing', missing]];
  }
}

function depth(queue: IQueue): IMetric {
  return queue.metricApproximateNumberOfMessagesVisible({ period: ALARM_PERIOD, statistic: 'Maximum' });
}
