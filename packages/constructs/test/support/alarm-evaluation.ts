/**
 * How CloudWatch derives an alarm's state from data points, as AWS documents it ("Configuring how CloudWatch
 * alarms treat missing data"): it reads more periods than the alarm specifies, takes the newest points that
 * exist, and applies the missing-data setting only if these are too few.
 */

/** The properties of an alarm that decide its state. */
export interface AlarmRule {
  /** How many points are evaluated. */
  readonly evaluationPeriods: number;
  readonly breaches: (value: number) => boolean;
  readonly treatMissing: 'missing' | 'notBreaching';
}

/**
 * How many periods CloudWatch reads: more than it evaluates. AWS gives one example, 5 for 3, and no rule;
 * this is the smallest number that fits.
 */
export function evaluationRange({ evaluationPeriods }: AlarmRule): number {
  return evaluationPeriods + 2;
}

/**
 * Whether an alarm is in ALARM.
 *
 * @param points of the whole evaluation range, newest first
 */
export function isAlarm(points: readonly (number | undefined)[], rule: AlarmRule): boolean {
  const { evaluationPeriods, breaches, treatMissing } = rule;
  const existing = points.filter((point) => point !== undefined);
  if (existing.length >= evaluationPeriods) return existing.slice(0, evaluationPeriods).every(breaches);
  if (treatMissing === 'notBreaching' || existing.length === 0 || !existing.every(breaches)) return false;
  // With missing data, the oldest breaching point must be at least as old as the specified periods.
  const oldest = points.findLastIndex((point) => point !== undefined);
  return oldest + 1 >= evaluationPeriods;
}
