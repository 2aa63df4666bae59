import { Duration } from 'aws-cdk-lib';
import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The period of everything that target tracking reads. */
export const MINUTE: Duration = Duration.minutes(1);

/** How many tasks run, for alarms and dashboards. */
export function runningTasks(service: FargateService, source: 'container-insights' | 'cpu-samples'): Metric {
  const dimensionsMap = { ClusterName: service.cluster.clusterName, ServiceName: service.serviceName };
  return source === 'container-insights'
    ? new Metric({
        namespace: 'ECS/ContainerInsights',
        metricName: 'RunningTaskCount',
        dimensionsMap,
        period: MINUTE,
        statistic: 'Average',
      })
    : new Metric({
        namespace: 'AWS/ECS',
        metricName: 'CPUUtilization',
        dimensionsMap,
        period: MINUTE,
        statistic: 'SampleCount',
      });
}

/** The same for a scaling policy, which has a form of its own. */
export function runningTasksStat(
  service: FargateService,
  source: 'container-insights' | 'cpu-samples',
): CfnScalingPolicy.TargetTrackingMetricStatProperty {
  const insights = source === 'container-insights';
  return {
    stat: insights ? 'Average' : 'SampleCount',
    metric: {
      namespace: insights ? 'ECS/ContainerInsights' : 'AWS/ECS',
      metricName: insights ? 'RunningTaskCount' : 'CPUUtilization',
      dimensions: [
        { name: 'ClusterName', value: service.cluster.clusterName },
        { name: 'ServiceName', value: service.serviceName },
      ],
    },
  };
}

/** What target tracking reads of a queue: id → metric and statistic. */
const QUEUE_METRICS = {
  visible: ['ApproximateNumberOfMessagesVisible', 'Maximum'],
  inflight: ['ApproximateNumberOfMessagesNotVisible', 'Maximum'],
  received: ['NumberOfMessagesReceived', 'Sum'],
  empty: ['NumberOfEmptyReceives', 'Sum'],
} as const;

/** They, for dashboards. */
export function queueMetrics(queue: IQueue): Record<string, Metric> {
  return Object.fromEntries(
    Object.entries(QUEUE_METRICS).map(([id, [metricName, statistic]]) => [
      id,
      queue.metric(metricName, { period: MINUTE, statistic }),
    ]),
  );
}

/** They, for a scaling policy. */
export function queueMetricStats(queue: IQueue): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  const dimensions = [{ name: 'QueueName', value: queue.queueName }];
  return Object.entries(QUEUE_METRICS).map(([id, [metricName, stat]]) => ({
    id,
    returnData: false,
    metricStat: { stat, metric: { namespace: 'AWS/SQS', metricName, dimensions } },
  }));
}

/**
 * The metric math of `needed ÷ running`.
 *
 * Metrics come late, SQS's by up to two minutes and the number of tasks by up to three, so that of the last minutes only some are known. In
 * arithmetic CloudWatch takes a missing value for 0, and it leaves out a minute in which a division is by 0. So a minute counts
 *
 * - only if SQS has reported it: else `visible >= 0` is missing, and the divisor 0;
 * - with the number of tasks that is known for it;
 * - with 1 if that number is missing because no task runs. A worker that runs asks for messages or has some in hand, and SQS reports that
 *   together with `visible`. If it does, only the number of tasks is late: the divisor is 0.
 */
export function workPerTaskExpression(needed: string): string {
  // `visible * 0` makes the sum exist in each minute that SQS has reported.
  const noWorker = '((visible * 0 + running + inflight + received + empty) < 1)';
  return `(${needed}) / ((visible >= 0) * (running + ${noWorker}))`;
}

/**
 * The metric math of "work waits and no task runs": 1 or 0.
 *
 * For periods of minutes, longer than metrics come late. Such a period moves on every minute, so this is as fast as a period of one minute
 * would be. In one of a minute, work that is not reported yet would look like none for good, and tasks that are not reported yet would look
 * like none, too.
 */
export function noWorkersExpression(work: string): string {
  return `(${work} > 0) AND (running < TIME_SERIES(1))`;
}
