import { Duration } from 'aws-cdk-lib';
import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The period of everything that target tracking reads. */
export const MINUTE: Duration = Duration.minutes(1);

/** The number of running tasks, for alarms and dashboards. */
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

/** The same metric in the form that a scaling policy needs. */
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

/** The queue's metrics that target tracking reads: id → metric and statistic. */
const QUEUE_METRICS = {
  visible: ['ApproximateNumberOfMessagesVisible', 'Maximum'],
  inflight: ['ApproximateNumberOfMessagesNotVisible', 'Maximum'],
  received: ['NumberOfMessagesReceived', 'Sum'],
  empty: ['NumberOfEmptyReceives', 'Sum'],
} as const;

/** These metrics for dashboards. */
export function queueMetrics(queue: IQueue): Record<string, Metric> {
  return Object.fromEntries(
    Object.entries(QUEUE_METRICS).map(([id, [metricName, statistic]]) => [
      id,
      queue.metric(metricName, { period: MINUTE, statistic }),
    ]),
  );
}

/** These metrics for a scaling policy. */
export function queueMetricStats(queue: IQueue): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty[] {
  const dimensions = [{ name: 'QueueName', value: queue.queueName }];
  return Object.entries(QUEUE_METRICS).map(([id, [metricName, stat]]) => ({
    id,
    returnData: false,
    metricStat: { stat, metric: { namespace: 'AWS/SQS', metricName, dimensions } },
  }));
}

/**
 * The metric math for `needed ÷ running`.
 *
 * Metrics are late: those of SQS by up to two minutes, the number of tasks by up to three. So only some of
 * them are known for the last minutes. In arithmetic CloudWatch treats a missing value as 0, and it drops a
 * minute in which a division is by 0. Therefore a minute counts
 *
 * - only if SQS has reported it: otherwise `visible >= 0` is missing, and the divisor is 0;
 * - with the number of tasks, if that is known;
 * - with the divisor 1 if the number is missing because no task is running. A running worker receives
 *   messages or holds some, and SQS reports that together with `visible`. If SQS does report it, only the
 *   number of tasks is late, and the divisor is 0.
 */
export function workPerTaskExpression(needed: string): string {
  // `visible * 0` gives the sum a value in each minute that SQS has reported.
  const noWorker = '((visible * 0 + running + inflight + received + empty) < 1)';
  return `(${needed}) / ((visible >= 0) * (running + ${noWorker}))`;
}

/**
 * The metric math for "work is waiting and no task is running": 1 or 0.
 *
 * Use it with a period longer than metrics can be late. CloudWatch evaluates such a period every minute, so
 * it is as fast as a period of one minute. With a period of one minute, work and tasks that are reported late
 * would be missed.
 */
export function noWorkersExpression(work: string): string {
  return `(${work} > 0) AND (running < TIME_SERIES(1))`;
}
