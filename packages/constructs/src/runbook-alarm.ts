import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { allowAlarmsToPublish } from './publish-to-topic.ts';

/** An alarm that says what to do about it. */
interface RunbookAlarmProps {
  readonly metric: IMetric;
  /** The alarm fires at this value and above. @default 1 */
  readonly threshold?: number;
  /** Whether it fires below the threshold instead. @default false */
  readonly below?: boolean;
  /** In how many consecutive periods the threshold must be reached. @default 1 */
  readonly periods?: number;
  /** Whether missing data fires the alarm. @default false */
  readonly fireOnMissingData?: boolean;
  /** Why it fires: one sentence. */
  readonly why: string;
  /** What to do: one or two sentences. */
  readonly action: string;
  /** The runbook's section. @default - called like the alarm */
  readonly section?: string;
  /** Is notified when the alarm fires and when it clears. @default - nobody is notified */
  readonly topic?: ITopic | undefined;
}

/** Where somebody whom an alarm woke reads on. */
const RUNBOOK = 'https://github.com/org/wordfreq/blob/main/packages/constructs/docs/operations.md';

/** Creates an alarm whose description says why it fires, what to do, and where to read on. */
export function createRunbookAlarm(scope: Construct, id: string, props: RunbookAlarmProps): Alarm {
  const { section = id } = props;
  const { threshold = 1, below = false, periods = 1, fireOnMissingData = false, topic } = props;
  const alarm = new Alarm(scope, id, {
    alarmDescription: `Why: ${props.why} What to do: ${props.action} ${RUNBOOK}#${section.toLowerCase()}`,
    metric: props.metric,
    threshold,
    comparisonOperator: below
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    evaluationPeriods: periods,
    treatMissingData: fireOnMissingData ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
  });
  if (topic !== undefined) {
    allowAlarmsToPublish(topic, scope);
    alarm.addAlarmAction(new SnsAction(topic));
    alarm.addOkAction(new SnsAction(topic));
  }
  return alarm;
}

/** The period of alarms on queues. */
export const ALARM_PERIOD: Duration = Duration.minutes(5);
