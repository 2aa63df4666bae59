/**
 * Values that AWS refuses when it makes a resource, because of another one or of a limit that no schema
 * states.
 */
import type { DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

const DEFAULT_VISIBILITY_SECONDS = 30;
const DEFAULT_TIMEOUT_SECONDS = 3;

/** A message must stay invisible for as long as the function that gets it may run. */
function judgeMappings(template: DeployedTemplate): string[] {
  return template
    .ofType('AWS::Lambda::EventSourceMapping')
    .flatMap(([id, { EventSourceArn, FunctionName }]) => {
      const [queue, fn] = [template.idOf(EventSourceArn), template.idOf(FunctionName)];
      if (queue === undefined || fn === undefined) return [];
      const visibility = Number(
        template.properties(queue)['VisibilityTimeout'] ?? DEFAULT_VISIBILITY_SECONDS,
      );
      const timeout = Number(template.properties(fn)['Timeout'] ?? DEFAULT_TIMEOUT_SECONDS);
      if (visibility >= timeout) return [];
      return [
        `refused: ${id}, as ${queue} hides messages for ${visibility} s and ${fn} may run ${timeout} s`,
      ];
    });
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Alarms look back a day at most, those with periods of an hour or more a week. */
function judgeAlarms(template: DeployedTemplate): string[] {
  return template.ofType('AWS::CloudWatch::Alarm').flatMap(([id, { Period, Metrics, EvaluationPeriods }]) => {
    const periods = [Period, ...((Metrics ?? []) as Json[]).map(periodOf)].flatMap((one) =>
      one === undefined ? [] : [Number(one)],
    );
    const seconds = Math.max(...periods) * Number(EvaluationPeriods);
    const most = Math.min(...periods) >= HOUR ? 7 * DAY : DAY;
    return seconds <= most ? [] : [`refused: ${id} looks back ${seconds} s of ${most}`];
  });
}

const periodOf = ({ Period, MetricStat }: Json): unknown =>
  Period ?? (MetricStat as Json | undefined)?.['Period'];

export const judgeValues = (template: DeployedTemplate): string[] => [
  ...judgeMappings(template),
  ...judgeAlarms(template),
];
