/** Expressions over metrics that are not always there. */
import { evaluate } from '../../../packages/constructs/test/support/metric-math.ts';
import type { DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

interface Query {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Period?: number };
}

/** SQS and Container Insights report up to three minutes late. Only a longer period has something of each metric. */
const LONG_PERIOD_SECONDS = 300;

/**
 * In a shorter period nothing may be known yet. An expression that has a value there takes work, or workers, that are not reported yet for
 * none: an alarm that looks at its newest point only, waits for ever.
 */
export function judgeMetricMath(template: DeployedTemplate): string[] {
  const alarms = template.ofType('AWS::CloudWatch::Alarm').map(([id, { Metrics }]) => [id, Metrics] as const);
  const policies = template.ofType('AWS::ApplicationAutoScaling::ScalingPolicy').map(([id, properties]) => {
    const tracking = properties['TargetTrackingScalingPolicyConfiguration'] as Json | undefined;
    return [id, (tracking?.['CustomizedMetricSpecification'] as Json | undefined)?.['Metrics']] as const;
  });
  return [...alarms, ...policies].flatMap(([id, metrics]) =>
    valuesOfNothing((metrics ?? []) as readonly Query[]).map(
      (expression) => `a point where the queue has none: ${id} computes ${expression}`,
    ),
  );
}

/** The expressions that have a value in a period of which no metric is known, although each was known before. */
function valuesOfNothing(queries: readonly Query[]): string[] {
  const periods = queries.flatMap(({ MetricStat: stat }) => (stat === undefined ? [] : [stat.Period ?? 60]));
  if (Math.min(...periods) >= LONG_PERIOD_SECONDS) return [];
  const [before, now] = [0, 1];
  const series = Object.fromEntries(queries.map(({ Id }) => [Id, new Map([[before, 1]])]));
  return queries.flatMap(({ Expression: expression }) => {
    if (expression === undefined) return [];
    return evaluate(expression, { times: [before, now], series }).has(now) ? [expression] : [];
  });
}
