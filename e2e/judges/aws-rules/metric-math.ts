/**
 * Expressions over metrics of queues and tasks, which are late and have gaps. Each is evaluated by
 * CloudWatch's documented rules of metric math and of missing points, in hours in which nothing changes, for
 * every combination of delays.
 */
import type { AlarmRule } from '../../../packages/constructs/test/support/alarm-evaluation.ts';
import { LateMetrics } from '../../../packages/constructs/test/support/late-metrics.ts';
import {
  type MetricQuery,
  readMetricQuery,
} from '../../../packages/constructs/test/support/synthesized-scaling.ts';
import type { DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

const VISIBLE = 'ApproximateNumberOfMessagesVisible';
const IN_FLIGHT = 'ApproximateNumberOfMessagesNotVisible';
/** The number of tasks is one of these. */
const TASKS = ['RunningTaskCount', 'CPUUtilization'];

/** Minutes by which SQS and the number of tasks are late. */
const DELAYS = [0, 1, 2].flatMap((queue) => [0, 1, 2, 3].map((tasks) => ({ queue, tasks })));

/**
 * What an expression decides: whether to start the first task, or to notify people that none runs; or whether
 * to start more.
 */
type Kind = 'first task' | 'more tasks';

interface Hour {
  readonly name: string;
  /** What is reported in each minute; the rest is not there. */
  readonly values: Readonly<Record<string, number>>;
  readonly fires: readonly Kind[];
}

const tasks = (count: number): Record<string, number> =>
  Object.fromEntries(TASKS.map((name) => [name, count]));
const polls = { NumberOfMessagesReceived: 1, NumberOfEmptyReceives: 5 };

const HOURS: readonly Hour[] = [
  {
    name: 'work waits and no task runs',
    values: { [VISIBLE]: 1000 },
    fires: ['first task', 'more tasks'],
  },
  {
    name: 'two tasks have too much work',
    values: { [VISIBLE]: 1000, [IN_FLIGHT]: 2, ...polls, ...tasks(2) },
    fires: ['more tasks'],
  },
  {
    name: 'two tasks do all there is',
    values: { [VISIBLE]: 1, [IN_FLIGHT]: 1, ...polls, ...tasks(2) },
    fires: [],
  },
  { name: 'there is nothing to do', values: { [VISIBLE]: 0 }, fires: [] },
];

type Judged = [id: string, kind: Kind, query: MetricQuery, rule: AlarmRule & { readonly threshold: number }];

/** What would not fire, or would fire without need. */
export function judgeMetricMath(template: DeployedTemplate): string[] {
  return [...alarms(template), ...targets(template)].flatMap(([id, kind, query, rule]) => {
    const names = new Set(Object.values(query.metrics).map(({ name }) => name));
    if (!names.has(VISIBLE) || !TASKS.some((name) => names.has(name))) return [];
    return wrongHours(kind, query, rule).map((wrong) => `metric math: ${id} ${wrong}`);
  });
}

const known = new Map<string, string[]>();

function wrongHours(kind: Kind, query: MetricQuery, rule: Judged[3]): string[] {
  const key = JSON.stringify([kind, query, rule]);
  let wrong = known.get(key);
  if (wrong === undefined) {
    wrong = HOURS.flatMap(({ name, values, fires }) => {
      const must = fires.includes(kind);
      return DELAYS.filter((delay) => isAlarm(query, rule, values, delay) !== must).map(
        ({ queue, tasks: late }) =>
          `${must ? 'never fires' : 'fires'} while ${name}, with SQS ${queue} and tasks ${late} minutes late`,
      );
    });
    known.set(key, wrong);
  }
  return wrong;
}

function isAlarm(
  query: MetricQuery,
  rule: AlarmRule,
  values: Hour['values'],
  delay: (typeof DELAYS)[number],
): boolean {
  const metrics = new LateMetrics((name) => (TASKS.includes(name) ? delay.tasks : delay.queue));
  const minutes = 60;
  for (let minute = 0; minute < minutes; minute += 1) {
    for (const [name, value] of Object.entries(values)) metrics.record(name, minute, value);
  }
  return metrics.isAlarm(query, rule, minutes - 1);
}

const hasExpression = (metrics: unknown): metrics is Parameters<typeof readMetricQuery>[0] =>
  Array.isArray(metrics) && metrics.some(({ Expression }) => Expression !== undefined);

function alarms(template: DeployedTemplate): Judged[] {
  return template.ofType('AWS::CloudWatch::Alarm').flatMap(([id, properties]): Judged[] => {
    const { Metrics, EvaluationPeriods, TreatMissingData } = properties;
    if (!hasExpression(Metrics)) return [];
    const threshold = Number(properties['Threshold']);
    return [
      [
        id,
        'first task',
        readMetricQuery(Metrics),
        {
          threshold,
          evaluationPeriods: Number(EvaluationPeriods),
          breaches: (value) => value >= threshold,
          treatMissing: TreatMissingData === 'notBreaching' ? 'notBreaching' : 'missing',
        },
      ],
    ];
  });
}

/** Target tracking scales out by an alarm of three minutes above its target. */
function targets(template: DeployedTemplate): Judged[] {
  return template
    .ofType('AWS::ApplicationAutoScaling::ScalingPolicy')
    .flatMap(([id, properties]): Judged[] => {
      const tracking = (properties['TargetTrackingScalingPolicyConfiguration'] ?? {}) as Json;
      const { Metrics } = (tracking['CustomizedMetricSpecification'] ?? {}) as Json;
      if (!hasExpression(Metrics)) return [];
      const threshold = Number(tracking['TargetValue']);
      const breaches = (value: number): boolean => value > threshold;
      return [
        [
          id,
          'more tasks',
          readMetricQuery(Metrics),
          { threshold, evaluationPeriods: 3, breaches, treatMissing: 'missing' },
        ],
      ];
    });
}
