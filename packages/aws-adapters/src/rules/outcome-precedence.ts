/** The part of a job's record that decides which of two records is kept. */
export interface PrecedingRecord {
  /** How the job ended. */
  readonly outcome: string;
  /** From `versionOrder`. */
  readonly order: string;
}

/** Outcomes of a version that no longer existed when it was read. */
const ABSENT: ReadonlySet<string> = new Set(['gone', 'skipped:overwritten']);

/** Whether a record with this outcome may ever be replaced by another one of the same job. */
export function mayBeSuperseded(outcome: string): boolean {
  return isFailure(outcome) || ABSENT.has(outcome);
}

/**
 * Whether a result replaces the record that its job already has. Any other outcome replaces a failure. The
 * outcome of a later upload of the same bytes replaces that of an absent version. It has to be later: a
 * worker that has lost its message without knowing must not overwrite what was decided since.
 */
export function supersedes(result: PrecedingRecord, existing: PrecedingRecord): boolean {
  if (isFailure(existing.outcome)) return !isFailure(result.outcome);
  return ABSENT.has(existing.outcome) && !ABSENT.has(result.outcome) && result.order > existing.order;
}

/**
 * Which of two results of one job becomes its record. It takes the later `order` of the two: a message that
 * is delivered again may say that the same version was current later than the record says.
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

/** How many of some results are failures. */
export function failedFiles(
  outcomes: readonly { readonly outcome: string; readonly files: number }[],
): number {
  return outcomes.reduce((sum, { outcome, files }) => sum + (isFailure(outcome) ? files : 0), 0);
}
