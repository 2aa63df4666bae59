import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { type BacklogScalingOptions, QueueWorkerService, WorkerImage } from '../../src/index.ts';
import { synthesize, type TemplateResource } from './synthesize.ts';

/** An expression and the metrics that it uses. */
export interface MetricQuery {
  readonly expression: string;
  /** Id in the expression → name and statistic of the metric. */
  readonly metrics: Readonly<Record<string, { readonly name: string; readonly statistic: string }>>;
  readonly periodMinutes: number;
}

/** The scaling that a template defines. */
export interface SynthesizedScaling {
  readonly wakeUp: MetricQuery;
  readonly wakeUpCooldownSeconds: number;
  readonly tracking: MetricQuery;
  readonly scaleOutCooldownSeconds: number;
  readonly scaleInCooldownSeconds: number;
}

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly MetricName: string };
    readonly Stat: string;
    readonly Period?: number;
  };
}

/** Reads a metric query from a template: from an alarm or from a target tracking policy. */
export function readMetricQuery(queries: readonly Query[]): MetricQuery {
  const expression = queries.find((query) => query.Expression !== undefined)?.Expression;
  if (expression === undefined) throw new Error('Expected a query with an expression.');
  const stats = queries.flatMap(({ Id, MetricStat }) =>
    MetricStat === undefined ? [] : [[Id, MetricStat] as const],
  );
  return {
    expression,
    metrics: Object.fromEntries(
      stats.map(([id, { Metric: metric, Stat }]) => [id, { name: metric.MetricName, statistic: Stat }]),
    ),
    periodMinutes: (stats[0]?.[1].Period ?? 60) / 60,
  };
}

/** Synthesizes workers on a queue, and reads what their template says about scaling. */
export function synthesizeScaling(options: BacklogScalingOptions = {}): SynthesizedScaling {
  const { resources } = synthesize((stack) => {
    const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
    new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image, scaling: options });
  });
  const all = [...resources];
  const propertiesOf = (fits: (id: string, resource: TemplateResource) => boolean): Record<string, unknown> =>
    all.find(([id, resource]) => fits(id, resource))?.[1].Properties ?? {};
  const policy = (type: string): Record<string, unknown> =>
    propertiesOf((_, { Properties }) => Properties?.['PolicyType'] === type);
  const alarm = propertiesOf((id, { Type }) => Type === 'AWS::CloudWatch::Alarm' && id.includes('WakeUp'));
  const steps = policy('StepScaling')['StepScalingPolicyConfiguration'] as { readonly Cooldown: number };
  const tracking = policy('TargetTrackingScaling')['TargetTrackingScalingPolicyConfiguration'] as {
    readonly ScaleOutCooldown: number;
    readonly ScaleInCooldown: number;
    readonly CustomizedMetricSpecification: { readonly Metrics: readonly Query[] };
  };
  return {
    wakeUp: readMetricQuery(alarm['Metrics'] as Query[]),
    wakeUpCooldownSeconds: steps.Cooldown,
    tracking: readMetricQuery(tracking.CustomizedMetricSpecification.Metrics),
    scaleOutCooldownSeconds: tracking.ScaleOutCooldown,
    scaleInCooldownSeconds: tracking.ScaleInCooldown,
  };
}

/** The invocations of a function that fills the queue. */
export const ARRIVALS: Metric = new Metric({
  namespace: 'AWS/Lambda',
  metricName: 'Invocations',
  statistic: 'Sum',
  period: Duration.minutes(5),
});
