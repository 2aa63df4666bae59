import { Duration } from 'aws-cdk-lib';
import { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import {
  Alarm,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  type Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { anything, checkProps, duration, oneOf, type PropChecks, required } from './check-props.ts';
import {
  MINUTE,
  noWorkersExpression,
  queueMetricStats,
  queueMetrics,
  runningTasks,
  runningTasksStat,
  workPerTaskExpression,
} from './scaling-metrics.ts';

/** Longer than metrics can be late, see {@link noWorkersExpression}. */
const WAKE_UP_PERIOD = Duration.minutes(5);
/**
 * Longer than tasks take to start and to be reported. Until then the metric still divides by the old number
 * of tasks, and each further step would multiply them again.
 */
const SCALE_OUT_COOLDOWN = Duration.minutes(6);
/**
 * The first task may have to pull its image; with a shorter cooldown another one would be started meanwhile.
 */
const WAKE_UP_COOLDOWN = Duration.minutes(10);

/** How long jobs take, how fast the backlog is to be drained, and within which bounds to scale. */
export interface BacklogScalingOptions {
  /**
   * The service's scalable target, if something else scales it too. It has its own bounds.
   * @default - a new one
   */
  readonly target?: ScalableTaskCount;
  /** The least number of tasks, also without work. @default 0 */
  readonly minTasks?: number;
  /** The greatest number of tasks, however much work is waiting. @default 10 */
  readonly maxTasks?: number;
  /** How long one job takes while a task does `concurrency` of them. @default Duration.seconds(15) */
  readonly jobDuration?: Duration;
  /** How long it may take to drain the messages that are waiting. @default Duration.minutes(5) */
  readonly drainTarget?: Duration;
  /** How many jobs one task processes at a time. @default 1 */
  readonly concurrency?: number;
  /**
   * Which metric gives the number of running tasks. `cpu-samples` needs no Container Insights: a service
   * reports its CPU once a minute for each task. With the wrong source no task is seen, and more and more are
   * started, up to `maxTasks`.
   * @default 'container-insights'
   */
  readonly runningTasks?: 'container-insights' | 'cpu-samples';
  /**
   * Whether the first message starts a task when none is running.
   * @default - true if minTasks is 0 or a target is given
   */
  readonly wakeUp?: boolean;
  /**
   * A metric that has values only when work arrives, such as the invocations of a function that fills the
   * queue. It starts the first task, too. It matters for a queue that has been idle for six hours: SQS then
   * reports its messages up to 15 minutes late.
   * @default - the queue's metrics only
   */
  readonly arrivals?: IMetric;
}

/** Properties of {@link BacklogScaling}. */
export interface BacklogScalingProps extends BacklogScalingOptions {
  /** The service to scale: any service on Fargate. */
  readonly service: FargateService;
  /** The queue that the service consumes. */
  readonly queue: IQueue;
}

/**
 * Scales a service with the messages that are waiting and those in flight:
 *
 *     needed tasks = (visible × jobSeconds ÷ drainSeconds + in flight) ÷ concurrency
 *
 * Target tracking keeps `needed ÷ running` at 1. Messages in flight count, so that a queue that only looks
 * empty does not stop busy tasks. At zero tasks, an alarm starts one at the first message.
 *
 * With 120 messages, 15 s each, 300 s to drain, one at a time: 120 × 15 ÷ 300 = 6 tasks.
 *
 * @example
 * new BacklogScaling(this, 'Scaling', { service, queue, jobDuration: Duration.seconds(3), maxTasks: 50 });
 */
export class BacklogScaling extends Construct {
  /** The scalable target: the given one, or a new one. */
  readonly target: ScalableTaskCount;
  /** Needed tasks ÷ running tasks; the target is 1. */
  readonly workPerTask: IMetric;
  /** The number of running tasks. */
  readonly runningTasks: Metric;
  /** Starts the first task through {@link BacklogScaling.wakeUpPolicy}; `undefined` if `wakeUp` is off. */
  readonly wakeUpAlarm: Alarm | undefined;
  /** The target tracking policy that keeps `needed ÷ running` at 1. */
  readonly trackingPolicy: CfnScalingPolicy;
  /** The step scaling policy that adds the first task; `undefined` if `wakeUp` is off. */
  readonly wakeUpPolicy: CfnScalingPolicy | undefined;

  /** @throws Error for numbers out of range and for options that exclude each other */
  constructor(scope: Construct, id: string, props: BacklogScalingProps) {
    super(scope, id);
    checkProps('BacklogScaling', props, CHECKS);
    const { minTasks = 0, maxTasks = 10, wakeUp = minTasks === 0 } = props;
    validateProps(props, minTasks, maxTasks);
    this.target =
      props.target ?? props.service.autoScaleTaskCount({ minCapacity: minTasks, maxCapacity: maxTasks });
    this.runningTasks = runningTasks(props.service, props.runningTasks ?? 'container-insights');
    const expression = workPerTaskExpression(neededTasks(props));
    this.workPerTask = new MathExpression({
      expression,
      period: MINUTE,
      label: 'needed / running tasks',
      usingMetrics: { ...queueMetrics(props.queue), running: this.runningTasks },
    });
    this.trackingPolicy = this.#track(props, expression);
    this.wakeUpPolicy = wakeUp ? this.#startFirstTask() : undefined;
    this.wakeUpAlarm = this.wakeUpPolicy === undefined ? undefined : this.#wakeUp(props, this.wakeUpPolicy);
  }

  /** An L1 resource, because the L2's target tracking accepts no metric math. */
  #track(
    { queue, service, runningTasks: source = 'container-insights' }: BacklogScalingProps,
    expression: string,
  ): CfnScalingPolicy {
    return new CfnScalingPolicy(this, 'WorkPerTask', {
      policyName: `${this.node.addr.slice(-12)}-work-per-task`,
      policyType: 'TargetTrackingScaling',
      scalingTargetId: this.target.scalableTargetRef.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: 1,
        scaleOutCooldown: SCALE_OUT_COOLDOWN.toSeconds(),
        scaleInCooldown: 300,
        customizedMetricSpecification: {
          metrics: [
            { id: 'work', expression, label: 'needed / running tasks', returnData: true },
            ...queueMetricStats(queue),
            { id: 'running', returnData: false, metricStat: runningTasksStat(service, source) },
          ],
        },
      },
    });
  }

  #startFirstTask(): CfnScalingPolicy {
    return new CfnScalingPolicy(this, 'FirstTask', {
      policyName: `${this.node.addr.slice(-12)}-first-task`,
      policyType: 'StepScaling',
      scalingTargetId: this.target.scalableTargetRef.resourceId,
      stepScalingPolicyConfiguration: {
        adjustmentType: 'ChangeInCapacity',
        cooldown: WAKE_UP_COOLDOWN.toSeconds(),
        metricAggregationType: 'Maximum',
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
      },
    });
  }

  #wakeUp({ queue, arrivals }: BacklogScalingProps, policy: CfnScalingPolicy): Alarm {
    const alarm = new Alarm(this, 'WakeUp', {
      alarmDescription:
        'Why: work is waiting and no task is running. What to do: nothing, it starts the first task.',
      metric: new MathExpression({
        expression: noWorkersExpression(arrivals === undefined ? 'visible' : '(visible + arrivals)'),
        period: WAKE_UP_PERIOD,
        usingMetrics: {
          visible: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
          running: this.runningTasks.with({ period: WAKE_UP_PERIOD }),
          ...(arrivals === undefined ? {} : { arrivals }),
        },
      }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction({ bind: () => ({ alarmActionArn: policy.ref }) });
    return alarm;
  }
}

const CHECKS: PropChecks<BacklogScalingProps> = {
  target: anything,
  minTasks: anything,
  maxTasks: anything,
  jobDuration: duration,
  drainTarget: duration,
  concurrency: anything,
  runningTasks: oneOf('container-insights', 'cpu-samples'),
  wakeUp: anything,
  arrivals: anything,
  service: required('the service to scale'),
  queue: required('the queue that the service consumes'),
};

/** The metric math for the number of tasks that the work needs. */
function neededTasks({
  jobDuration = Duration.seconds(15),
  drainTarget = Duration.minutes(5),
  concurrency = 1,
}: BacklogScalingOptions): string {
  const perVisible = jobDuration.toMilliseconds() / drainTarget.toMilliseconds() / concurrency;
  // Plain decimals: metric math has no exponent notation.
  return `visible * ${decimal(perVisible)} + inflight * ${decimal(1 / concurrency)}`;
}

function decimal(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/, '');
}

function validateProps(props: BacklogScalingOptions, minTasks: number, maxTasks: number): void {
  const { concurrency = 1, jobDuration, drainTarget, target } = props;
  const problems = [
    ...(Number.isInteger(minTasks) && minTasks >= 0 ? [] : [`minTasks of at least 0, got ${minTasks}`]),
    ...(Number.isInteger(maxTasks) && maxTasks >= Math.max(1, minTasks)
      ? []
      : [`maxTasks of at least ${Math.max(1, minTasks)}, got ${maxTasks}`]),
    ...(target === undefined || (props.minTasks ?? props.maxTasks) === undefined
      ? []
      : ['"target" or "minTasks" and "maxTasks", got both: a target has its own bounds']),
    ...(concurrency >= 1 ? [] : [`concurrency of at least 1, got ${concurrency}`]),
    ...(jobDuration === undefined || jobDuration.toMilliseconds() > 0 ? [] : ['a jobDuration above 0']),
    ...(drainTarget === undefined || drainTarget.toMilliseconds() > 0 ? [] : ['a drainTarget above 0']),
  ];
  if (problems.length > 0) throw new Error(`Expected ${problems.join('; ')}.`);
}
