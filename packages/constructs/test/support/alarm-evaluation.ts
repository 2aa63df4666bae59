/**
 * How CloudWatch turns data points into an alarm's state, by what AWS documents ("Configuring how CloudWatch alarms treat missing data"):
 * it looks at more periods than the alarm asks for, takes the newest points that exist, and fills in only where these are too few.
 */

/** What of an alarm decides. */
export interface AlarmRule {
  /** How many points are judged. */
  readonly evaluationPeriods: number;
  readonly breaches: (value: number) => boolean;
  readonly treatMissing: 'missing' | 'notBreaching';
}

/**
 * In how many periods CloudWatch looks for points: more than are judged. AWS gives one example, 5 for 3, and no number for others; this is
 * the fewest that fits.
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
  // With data missing, the oldest breaching point must be as old as the periods that are asked for.
  const oldest = points.findLastIndex((point) => point !== undefined);
  return oldest + 1 >= evaluationPeriods;
}
