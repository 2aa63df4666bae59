import type {
  Clock,
  ResultEntry,
  ResultIndex,
  ResultSums,
  StoredResult,
} from '@org/wordfreq-aws-adapters/ports';
import { entryName, TotalsReader } from './result-totals-reader.ts';

/** What a reader of results needs. */
export interface ResultsReaderOptions<T> {
  /** The index of results. */
  readonly index: ResultIndex;
  /** The clock, injected so that tests control time. */
  readonly clock: Pick<Clock, 'now'>;
  /** How many of the newest results are kept. */
  readonly keep: number;
  /** Whether to read words that the store keeps apart from their record. Default: true. */
  readonly wordsKeptApart?: boolean;
  /** What is kept of each of them, in place of its record. */
  readonly describe: (record: StoredResult) => T;
}

/** What is known of all results at one moment. */
export interface ResultsReading<T> {
  /** All results, added up. */
  readonly sums: ResultSums;
  /** False while results from before the first reading are still being added up. */
  readonly complete: boolean;
  /** The newest results, the newest first. */
  readonly newest: readonly T[];
  /** What came since the reading before, the oldest first; nothing in the first one. */
  readonly fresh: readonly ResultEntry[];
}

/** Reads results, again and again. */
export interface ResultsReader<T> {
  /** Reads what came since the last call; one call at a time. */
  read(): Promise<ResultsReading<T>>;
  /** Resolves once all results are added up that were there at the first reading. */
  load(): Promise<void>;
}

interface Kept<T> {
  readonly entry: ResultEntry;
  readonly description?: T;
}

/** An entry that is returned again within this time is not news. */
const REMEMBER_MS = 600_000;

/**
 * Creates a reader of totals and of the newest results. Its memory does not grow with their number, and after
 * the first reading it reads only what came since.
 *
 * @example
 * const reader = createResultsReader({ index, clock: systemClock, keep: 20, describe: resultView });
 * const { sums, newest } = await reader.read();
 */
export function createResultsReader<T>(options: ResultsReaderOptions<T>): ResultsReader<T> {
  const { index, clock, keep, describe, wordsKeptApart = true } = options;
  /** By id. */
  let newest = new Map<string, Kept<T>>();
  let totals: TotalsReader | undefined;
  let loading: Promise<void> | undefined;
  let told = new Map<string, number>();
  let fresh: ResultEntry[] = [];

  /** Keeps an entry, which may replace an older one of the same job. */
  function note(entry: ResultEntry): void {
    const kept = newest.get(entry.id);
    if (kept !== undefined && kept.entry.committedAt >= entry.committedAt) return;
    if (kept !== undefined) totals?.remove(kept.entry);
    newest.set(entry.id, { entry });
    if (newest.size > 2 * keep) newest = trimmed(newest, keep);
  }

  function isNews(entry: ResultEntry): boolean {
    const name = entryName(entry);
    if (told.has(name)) return false;
    told.set(name, entry.committedAt.getTime());
    return true;
  }

  async function readNewest(): Promise<void> {
    let left = keep;
    for await (const entry of index.newest({ expected: keep })) {
      note(entry);
      // Those that are not kept are older than what the tail returns.
      isNews(entry);
      left -= 1;
      if (left <= 0) return;
    }
  }

  async function first(): Promise<TotalsReader> {
    const [made] = await Promise.all([TotalsReader.open(index, clock), readNewest()]);
    return made;
  }

  /** In the background: the newest results need not wait until all others are added up. */
  function load(reader: TotalsReader): Promise<void> {
    loading ??= reader.load().finally(() => {
      loading = undefined;
    });
    return loading;
  }

  /** The old sums are shown until new ones are complete. */
  async function replaceDiscarded(reader: TotalsReader): Promise<void> {
    if (loading !== undefined || !(await reader.isDiscarded())) return;
    const next = await TotalsReader.open(index, clock);
    load(next).then(
      () => {
        totals = next;
      },
      () => undefined,
    );
  }

  async function descriptions(): Promise<readonly T[]> {
    newest = trimmed(newest, keep);
    const missing = [...newest.values()].filter(({ description }) => description === undefined);
    const records =
      missing.length === 0
        ? []
        : await index.records(
            missing.map(({ entry }) => entry),
            { wordsKeptApart },
          );
    for (const [at, { entry }] of missing.entries()) {
      const record = records[at];
      if (record === undefined) newest.delete(entry.id);
      else newest.set(entry.id, { entry, description: describe(record) });
    }
    return [...newest.values()].flatMap(({ description }) =>
      description === undefined ? [] : [description],
    );
  }

  return {
    async read() {
      const isFirst = totals === undefined;
      totals ??= await first();
      if (totals.complete) await replaceDiscarded(totals);
      // After an error, the next reading tries again.
      else await Promise.race([totals.enough, load(totals).catch(() => undefined)]);
      const reader = totals;
      for await (const entry of reader.tail()) {
        note(entry);
        if (isNews(entry) && !isFirst) fresh.push(entry);
      }
      const listed = await descriptions();
      const came = fresh.sort((a, b) => a.committedAt.getTime() - b.committedAt.getTime());
      fresh = [];
      const forgetMs = clock.now().getTime() - REMEMBER_MS;
      told = new Map([...told].filter(([, ms]) => ms >= forgetMs));
      return { sums: reader.sums(), complete: reader.complete, newest: listed, fresh: came };
    },
    async load() {
      if (totals?.complete === false) await load(totals);
    },
  };
}

function trimmed<T>(kept: ReadonlyMap<string, Kept<T>>, size: number): Map<string, Kept<T>> {
  const sorted = [...kept].sort(
    ([, a], [, b]) => b.entry.committedAt.getTime() - a.entry.committedAt.getTime(),
  );
  return new Map(sorted.slice(0, size));
}
