import type { DayTotals, ResultEntry, ResultIndex, StoredResult } from '../ports/index.ts';
import { dayOf } from '../rules/result-days.ts';

/** The time of each record's commit, and the sums of days. */
export interface MemoryIndex {
  /** By the records' names. */
  readonly committedAt: Map<string, Date>;
  /** By day. */
  readonly days: Map<string, DayTotals>;
}

/** Notes the commit of a record. If it replaces another, the sums of that one's day are discarded. */
export function noteCommit({ committedAt, days }: MemoryIndex, name: string, at: Date): void {
  const before = committedAt.get(name);
  if (before !== undefined) days.set(dayOf(before), { day: dayOf(before), resetAt: at });
  const day = dayOf(at);
  if (!days.has(day)) days.set(day, { day });
  committedAt.set(name, at);
}

/** Reads records in memory by the time of their commit. */
export function createMemoryResultIndex(
  records: ReadonlyMap<string, StoredResult>,
  { committedAt, days }: MemoryIndex,
  call: <T>(operation: string, subject: string, run: () => T) => Promise<T>,
): ResultIndex {
  const entries = (): ResultEntry[] =>
    [...committedAt].flatMap(([id, at]) => {
      const record = records.get(id);
      return record === undefined ? [] : [entryOf(id, record, at)];
    });
  return {
    async *newest() {
      yield* entries()
        .reverse()
        .sort((a, b) => b.committedAt.getTime() - a.committedAt.getTime());
    },
    async *between(from, until) {
      yield* entries().filter((entry) => {
        return entry.committedAt >= from && (until === undefined || entry.committedAt < until);
      });
    },
    records: (wanted) =>
      call('records', String(wanted.length), () => wanted.map(({ id }) => records.get(id))),
    days: () => call('days', '', () => [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1))),
    saveTotals: (totals) => call('save-totals', totals.day, () => saveTotals(days, totals)),
  };
}

function saveTotals(days: Map<string, DayTotals>, totals: DayTotals): boolean {
  const kept = days.get(totals.day);
  const isLater = kept?.upTo === undefined || kept.upTo < (totals.upTo ?? kept.upTo);
  if (!isLater || kept?.resetAt?.getTime() !== totals.resetAt?.getTime()) return false;
  days.set(totals.day, totals);
  return true;
}

function entryOf(id: string, record: StoredResult, committedAt: Date): ResultEntry {
  const { jobId, object, outcome, totals, durationMs, cost } = record;
  const facts = {
    id,
    jobId,
    bucket: object.bucket,
    key: object.key,
    outcome,
    totals,
    durationMs,
    committedAt,
  };
  return cost === undefined ? facts : { ...facts, cost };
}
