import type { FailedTries, JobResult, StoredResult, VersionSummary } from '../ports/index.ts';
import { recordOrder } from './version-order.ts';

/** A job without a record whose tries have all failed so far. */
export interface TriedJob extends FailedTries {
  readonly jobId: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
}

/** What `ResultStore.versions` returns for the records and failed tries of one key. */
export function versionSummaries(
  records: readonly StoredResult[],
  tried: readonly TriedJob[],
): readonly VersionSummary[] {
  const failing = [...tried].sort((a, b) => b.lastFailedAt.getTime() - a.lastFailedAt.getTime());
  return [...failing, ...newestFirst(records).map(summaryOf)];
}

/** Records of one key in the order of `ResultStore.history`. */
export function newestFirst<T extends JobResult>(records: readonly T[]): readonly T[] {
  return [...records].sort((a, b) => (recordOrder(a) > recordOrder(b) ? -1 : 1));
}

function summaryOf(record: StoredResult): VersionSummary {
  const { object, error, publishedAt } = record;
  return {
    jobId: record.jobId,
    version: object.versionId ?? object.eTag ?? '',
    ...(object.versionId === undefined ? {} : { versionId: object.versionId }),
    ...(object.eTag === undefined ? {} : { eTag: object.eTag }),
    outcome: record.outcome,
    ...(error === undefined ? {} : { error }),
    totals: record.totals,
    ...(record.warnings.length === 0 ? {} : { warnings: record.warnings }),
    ...(record.encoding === undefined ? {} : { encoding: record.encoding }),
    tokenizer: record.options.tokenizer,
    durationMs: record.durationMs,
    attempt: record.attempt,
    worker: record.worker,
    finishedAt: record.finishedAt,
    ...(record.cost === undefined ? {} : { cost: record.cost }),
    ...(publishedAt === undefined ? {} : { publishedAt }),
  };
}
