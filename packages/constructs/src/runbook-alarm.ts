import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { letAlarmsPublish } from './publish-to-topic.ts';

/** An alarm that a person can act on. */
export interface RunbookAlarmProps {
  readonly metric: IMetric;
  /** Fires from here on. @default 1 */
  readonly threshold?: number;
  /** Fires below the threshold instead. @default false */
  readonly below?: boolean;
  /** In how many periods, one after the other. @default 1 */
  readonly periods?: number;
  /** Silence fires, too. @default false */
  readonly missingIsBad?: boolean;
  /** Why it fires: one sentence. */
  readonly why: string;
  /** What to do: one or two sentences. */
  readonly action: string;
  /** @default - nobody is told */
  readonly topic?: ITopic | undefined;
}

/** Makes an alarm whose description says why it fires and what to do. */
export function createRunbookAlarm(scope: Construct, id: string, props: RunbookAlarmProps): Alarm {
  const { threshold = 1, below = false, periods = 1, missingIsBad = false, topic } = props;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `Why: ${props.why} What to do: ${props.action}`,
    metric: props.metric,
    threshold,
    comparisonOperator: below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: missingIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  if (topic !== undefined) {
    letAlarmsPublish(topic, scope);
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
  return alarm;
}

/** The period of alarms on queues. */
export const ALARM_PERIOD: Duration = Duration.minutes(5);
