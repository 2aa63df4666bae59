import { refuse } from '../errors/validation.ts';
import type {
  CallOptions,
  Clock,
  FailedTries,
  FailedTry,
  JobResult,
  ObjectVersion,
  ResultIndex,
  ResultStore,
  SaveOutcome,
  SearchOptions,
  SearchPage,
  StoredResult,
  VersionSummary,
} from '../ports/index.ts';
import { recordToKeep, supersedes } from '../rules/index.ts';
import { isSameWrite, recordOf, recordProblem, triedError } from '../rules/job-record.ts';
import { DEFAULT_SEARCH_LIMIT, recordMatches, searchCursorProblem } from '../rules/record-search.ts';
import { newestFirst, versionSummaries } from '../rules/version-summary.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';
import { createMemoryResultIndex, type MemoryIndex, noteCommit } from './result-index.ts';

type JobName = Pick<JobResult, 'jobId' | 'object'>;

/** The state of the store. */
interface Memory extends MemoryIndex {
  /** By {@link nameOf}. */
  readonly records: Map<string, StoredResult>;
  /** By {@link nameOf}. */
  readonly failures: Map<string, { readonly job: JobName; readonly tries: FailedTries }>;
}

/** Options of {@link createMemoryResultStore}. */
export interface MemoryResultStoreOptions {
  /** Called around each call. Default: none. */
  readonly hooks?: CallHooks;
  /** The clock for the time of commit, by which records are indexed. Default: the machine's clock. */
  readonly clock?: Pick<Clock, 'now'>;
}

/**
 * Creates a result store in memory, with its index by time.
 *
 * @example
 * const results = createMemoryResultStore();
 * await results.save(result); // { saved: true }
 * await results.save(anotherWorkersResult); // { saved: false, existing: … }
 */
export function createMemoryResultStore(options: MemoryResultStoreOptions = {}): ResultStore & ResultIndex {
  const { clock = { now: () => new Date() } } = options;
  const memory: Memory = {
    records: new Map(),
    failures: new Map(),
    committedAt: new Map(),
    days: new Map(),
  };
  const { records } = memory;

  function call<T>(operation: string, subject: string, run: () => T): Promise<T> {
    return withHooks(options.hooks, `result-store.${operation}`, subject, run);
  }

  return {
    ...createMemoryResultIndex(records, memory, call),
    save: (result) => call('save', result.jobId, () => save(memory, result, clock.now())),
    markPublished: (job, at) => call('mark-published', job.jobId, () => markPublished(memory, job, at)),
    recordFailure: (job) => call('record-failure', job.jobId, () => countFailure(memory, job)),
    failedTries: (job) => call('failed-tries', job.jobId, () => memory.failures.get(nameOf(job))?.tries),
    find: (job) => call('find', job.jobId, () => records.get(nameOf(job))),
    history: (bucket, key) => call('history', key, () => historyOf(memory, bucket, key)),
    latest: (bucket, key) => call('latest', key, () => historyOf(memory, bucket, key)[0]),
    versions: (bucket, key) => call('versions', key, () => versionsOf(memory, bucket, key)),
    async *keys(bucket, { prefix = '' } = {}) {
      const found = new Set(
        [...records.values()].flatMap(({ object }) => (object.bucket === bucket ? [object.key] : [])),
      );
      for (const key of found) if (key.startsWith(prefix)) yield key;
    },
    async *list(_options?: CallOptions) {
      yield* [...records.values()];
    },
    search: (text, search) => call('search', text, () => searchRecords(records, text, search)),
  };
}

function save(memory: Memory, given: JobResult, at: Date): SaveOutcome {
  refuse(recordProblem(given), given.object);
  const result = recordOf(given);
  const { records, failures } = memory;
  const name = nameOf(result);
  const existing = records.get(name);
  const kept = existing === undefined ? result : recordToKeep(existing, result);
  records.set(name, kept);
  failures.delete(name);
  if (existing === undefined || supersedes(result, existing)) noteCommit(memory, name, at);
  if (existing === undefined || supersedes(result, existing) || isSameWrite(existing, result))
    return { saved: true };
  return { saved: false, existing: kept };
}

function markPublished({ records }: Memory, job: JobName & Pick<JobResult, 'outcome'>, at: Date): void {
  const record = records.get(nameOf(job));
  if (record === undefined || record.publishedAt !== undefined || record.outcome !== job.outcome) return;
  records.set(nameOf(job), { ...record, publishedAt: at });
}

function countFailure({ records, failures }: Memory, job: FailedTry): number {
  const name = nameOf(job);
  if (records.has(name)) return 0;
  const count = (failures.get(name)?.tries.failures ?? 0) + 1;
  const tries = { failures: count, lastError: triedError(job.error), lastFailedAt: job.at };
  failures.set(name, { job: { jobId: job.jobId, object: job.object }, tries });
  return count;
}

function historyOf({ records }: Memory, bucket: string, key: string): readonly StoredResult[] {
  return newestFirst([...records.values()].filter(({ object }) => isAt(object, bucket, key)));
}

function versionsOf(memory: Memory, bucket: string, key: string): readonly VersionSummary[] {
  const tried = [...memory.failures.values()].filter(({ job: { object } }) => isAt(object, bucket, key));
  return versionSummaries(
    historyOf(memory, bucket, key),
    tried.map(({ job: { jobId, object }, tries }) => ({
      jobId,
      version: object.versionId ?? object.eTag ?? '',
      ...tries,
    })),
  );
}

/** Records looked at by one call. */
const SEARCH_STEP = 1000;

/**
 * The cursor counts the records that were looked at: none is ever removed, and a replaced one keeps its
 * place.
 */
function searchRecords(
  records: ReadonlyMap<string, StoredResult>,
  text: string,
  { limit = DEFAULT_SEARCH_LIMIT, cursor = '0' }: SearchOptions = {},
): SearchPage {
  const start = Number(cursor);
  refuse(Number.isSafeInteger(start) && start >= 0 ? undefined : searchCursorProblem(cursor));
  const results: StoredResult[] = [];
  let searched = 0;
  for (const record of [...records.values()].slice(start, start + SEARCH_STEP)) {
    if (results.length >= limit) break;
    searched += 1;
    if (recordMatches(record, text)) results.push(record);
  }
  const next = start + searched;
  return { results, searched, ...(next < records.size ? { cursor: String(next) } : {}) };
}

function isAt(object: ObjectVersion, bucket: string, key: string): boolean {
  return object.bucket === bucket && object.key === key;
}

function nameOf({ object, jobId }: JobName): string {
  return JSON.stringify([object.bucket, object.key, object.versionId ?? object.eTag, jobId]);
}
