import { requireStorable } from '../errors/require-storable.ts';
import type {
  CallOptions,
  FailedTries,
  FailedTry,
  JobResult,
  ResultStore,
  SaveOutcome,
  StoredResult,
} from '../ports/index.ts';
import { isSameWrite, recordOf, triedError } from '../rules/job-record.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';

type JobName = Pick<JobResult, 'jobId' | 'object'>;

/** What the store remembers. */
interface Memory {
  /** By {@link nameOf}. */
  readonly records: Map<string, StoredResult>;
  /** By {@link placeOf}: the name of the newest record, and what made it the newest. */
  readonly newest: Map<string, { readonly name: string; readonly order: JobResult }>;
  /** By {@link nameOf}. */
  readonly failures: Map<string, FailedTries>;
}

/**
 * Creates a result store in memory.
 *
 * @example
 * const results = createMemoryResultStore();
 * await results.save(result); // { saved: true }
 * await results.save(anotherWorkersResult); // { saved: false, existing: … }
 */
export function createMemoryResultStore(options: { hooks?: CallHooks } = {}): ResultStore {
  const memory: Memory = { records: new Map(), newest: new Map(), failures: new Map() };
  const { records, newest } = memory;

  function call<T>(operation: string, subject: string, run: () => T): Promise<T> {
    return withHooks(options.hooks, `result-store.${operation}`, subject, run);
  }

  return {
    save: (result) => call('save', result.jobId, () => save(memory, result)),
    markPublished: (job, at) => call('mark-published', job.jobId, () => markPublished(memory, job, at)),
    recordFailure: (job) => call('record-failure', job.jobId, () => countFailure(memory, job)),
    failedTries: (job) => call('failed-tries', job.jobId, () => memory.failures.get(nameOf(job))),
    find: (job) => call('find', job.jobId, () => records.get(nameOf(job))),
    history: (bucket, key) => call('history', key, () => historyOf(memory, bucket, key)),
    latest: (bucket, key) =>
      call('latest', key, () => records.get(newest.get(placeOf(bucket, key))?.name ?? '')),
    async *list(_options?: CallOptions) {
      yield* [...records.values()];
    },
  };
}

function save(memory: Memory, given: JobResult): SaveOutcome {
  requireStorable(given);
  const result = recordOf(given);
  const { records, failures } = memory;
  const name = nameOf(result);
  const existing = records.get(name);
  if (existing !== undefined && !givesWay(existing, result)) {
    const { sequencer = existing.sequencer, lastModified = existing.lastModified } = result;
    moveNewest(memory, name, {
      ...existing,
      ...(sequencer === undefined ? {} : { sequencer }),
      ...(lastModified === undefined ? {} : { lastModified }),
    });
    return isSameWrite(existing, result) ? { saved: true } : { saved: false, existing };
  }
  records.set(name, result);
  failures.delete(name);
  moveNewest(memory, name, result);
  return { saved: true };
}

function moveNewest({ newest }: Memory, name: string, order: JobResult): void {
  const place = placeOf(order.object.bucket, order.object.key);
  const current = newest.get(place);
  if (current === undefined || isNotOlder(order, current.order)) newest.set(place, { name, order });
}

/** A failure gives way to a better outcome, the absence of a version to its presence in a later upload. */
function givesWay(existing: JobResult, result: JobResult): boolean {
  if (existing.outcome.startsWith('failed:')) return !result.outcome.startsWith('failed:');
  return ABSENT.has(existing.outcome) && !ABSENT.has(result.outcome) && isLater(result, existing);
}

function isLater(result: JobResult, existing: JobResult): boolean {
  if (existing.lastModified === undefined) return true;
  if (result.lastModified !== undefined && result.lastModified > existing.lastModified) return true;
  return (result.sequencer ?? '') > (existing.sequencer ?? '\uffff');
}

const ABSENT: ReadonlySet<string> = new Set(['gone', 'skipped:overwritten']);

function markPublished({ records }: Memory, job: JobName & Pick<JobResult, 'outcome'>, at: Date): void {
  const record = records.get(nameOf(job));
  if (record === undefined || record.publishedAt !== undefined || record.outcome !== job.outcome) return;
  records.set(nameOf(job), { ...record, publishedAt: at });
}

function countFailure({ records, failures }: Memory, job: FailedTry): number {
  const name = nameOf(job);
  if (records.has(name)) return 0;
  const count = (failures.get(name)?.failures ?? 0) + 1;
  failures.set(name, { failures: count, lastError: triedError(job.error), lastFailedAt: job.at });
  return count;
}

function historyOf({ records }: Memory, bucket: string, key: string): readonly StoredResult[] {
  return [...records.values()]
    .filter(({ object }) => object.bucket === bucket && object.key === key)
    .sort((a, b) => (isNotOlder(a, b) ? -1 : 1));
}

function nameOf({ object, jobId }: JobName): string {
  return JSON.stringify([object.bucket, object.key, object.versionId ?? object.eTag, jobId]);
}

function placeOf(bucket: string, key: string): string {
  return JSON.stringify([bucket, key]);
}

/**
 * Whether `a` describes the same or a later state of its key than `b`: by sequencer where both have one, compared as
 * S3 documents (padded on the right with zeros, as strings), then by modification time, then by when it was counted.
 */
function isNotOlder(a: JobResult, b: JobResult): boolean {
  if (a.sequencer !== undefined && b.sequencer !== undefined) {
    const digits = Math.max(a.sequencer.length, b.sequencer.length);
    const [left, right] = [a, b].map(({ sequencer = '' }) => sequencer.toUpperCase().padEnd(digits, '0'));
    if (left !== right) return (left ?? '') > (right ?? '');
  }
  const byModification = (a.lastModified?.getTime() ?? 0) - (b.lastModified?.getTime() ?? 0);
  if (a.lastModified !== undefined && b.lastModified !== undefined && byModification !== 0) {
    return byModification > 0;
  }
  return a.finishedAt.getTime() >= b.finishedAt.getTime();
}
