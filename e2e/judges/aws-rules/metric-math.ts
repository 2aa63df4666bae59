/** Expressions over metrics that are not always there. */
import type { DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * `TIME_SERIES` and `FILL` have a point in every minute, so what is computed with them has one, too: also in the newest minute, where SQS has
 * published nothing yet. Only `IF` over a metric drops minutes that have no point.
 */
export function judgeMetricMath(template: DeployedTemplate): string[] {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(([id, { Metrics }]) => [id, Metrics] as const);
  const policies = template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy').map(([id, properties]) => {
    const tracking = properties['TargetTrackingScalingPolicyConfiguration'] as Json | undefined;
    return [id, (tracking?.['CustomizedMetricSpecification'] as Json | undefined)?.['Metrics']] as const;
  });
  return [...alarms, ...policies].flatMap(([id, metrics]) =>
    ((metrics ?? []) as { Expression?: string }[])
      .filter(
        ({ Expression = '' }) => /\b(TIME_SERIES|FILL)\(/.test(Expression) && !/^IF\(\w+ /.test(Expression),
      )
      .map(({ Expression }) => `a point where the queue has none: ${id} computes ${Expression}`),
  );
}
