import { Duration } from 'aws-cdk-lib';
import type { CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/** The period of everything that scaling reads. */
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

/** A queue's metric, for a scaling policy. */
export function queueMetric(
  id: string,
  metricName: string,
  queue: IQueue,
): CfnScalingPolicy.TargetTrackingMetricDataQueryProperty {
  return {
    id,
    returnData: false,
    metricStat: {
      stat: 'Maximum',
      metric: {
        namespace: 'AWS/SQS',
        metricName,
        dimensions: [{ name: 'QueueName', value: queue.queueName }],
      },
    },
  };
}
