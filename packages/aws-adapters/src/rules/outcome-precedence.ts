/** The record of a job, as far as it decides which of two stays. */
export interface PrecedingRecord {
  readonly outcome: string;
  /** From `versionOrder`. */
  readonly order: string;
}

/** Outcomes of a version that was not there any more when it was read. */
const ABSENT: ReadonlySet<string> = new Set(['gone', 'skipped:overwritten']);

/** Whether a record with this outcome may ever give way to another one of the same job. */
export function mayGiveWay(outcome: string): boolean {
  return isFailure(outcome) || ABSENT.has(outcome);
}

/**
 * Whether a result takes the place of the record that its job has already. A failure gives way to a better outcome. A version that was
 * absent gives way to what a later upload of the same bytes comes to; only to a later one: a worker that has lost its message without
 * knowing must not put what it comes with late over what was decided since.
 */
export function supersedes(result: PrecedingRecord, existing: PrecedingRecord): boolean {
  if (isFailure(existing.outcome)) return !isFailure(result.outcome);
  return ABSENT.has(existing.outcome) && !ABSENT.has(result.outcome) && result.order > existing.order;
}

/**
 * Which of two results of one job is its record from now on. It stands where the later of the two stands: a message that comes again may say
 * that the same version was current later than the record knows.
 */
export function recordToKeep<Existing extends PrecedingRecord, Result extends PrecedingRecord>(
  existing: Existing,
  result: Result,
): Existing | Result {
  const kept = supersedes(result, existing) ? result : existing;
  const later = existing.order > result.order ? existing : result;
  return kept.order === later.order ? kept : { ...kept, order: later.order };
}

/** Whether an outcome is a failure, which a person has to look at. */
export function isFailure(outcome: string): boolean {
  return outcome.startsWith('failed:');
}
