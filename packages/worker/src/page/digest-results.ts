import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { isFailure } from '@org/wordfreq-aws-adapters/rules';
import { keepNewest } from './newest.ts';
import type { ResultTotals } from './result-totals.ts';
import { createThroughput, type ThroughputView } from './throughput.ts';
import { type TopWordsView, topWordsOf } from './top-words.ts';
import { type FileView, fileView } from './views.ts';

/** What the page shows of all results; its size does not depend on how many there are. */
export interface ResultsDigest {
  /** When it was made. */
  readonly at: Date;
  readonly totals: ResultTotals;
  /** The newest, newest first. */
  readonly files: readonly FileView[];
  readonly topWords: TopWordsView;
  readonly throughput: readonly ThroughputView[];
}

/** How many rows the page holds. */
const MAX_FILES = 500;

/** Reads all results once and keeps what the page shows. */
export async function digestResults(results: AsyncIterable<StoredResult>, now: Date): Promise<ResultsDigest> {
  const totals = createTotals();
  const newest = keepNewest<StoredResult>(MAX_FILES, ({ finishedAt }) => finishedAt.getTime());
  const throughput = createThroughput(now);
  for await (const result of results) {
    totals.add(result);
    newest.add(result);
    throughput.add({ at: result.finishedAt, failed: isFailure(result.outcome), bytes: result.totals.bytes });
  }
  const kept = newest.items();
  return {
    at: now,
    totals: totals.view(),
    files: kept.map(fileView),
    topWords: topWordsOf(kept),
    throughput: throughput.view(),
  };
}

function createTotals(): { add(result: StoredResult): void; view(): ResultTotals } {
  const outcomes = new Map<string, number>();
  let [files, failed, bytes, words, firstMs, lastMs] = [0, 0, 0, 0, Infinity, -Infinity];
  return {
    add(result) {
      const endMs = result.finishedAt.getTime();
      files += 1;
      if (isFailure(result.outcome)) failed += 1;
      bytes += result.totals.bytes;
      words += result.totals.words;
      firstMs = Math.min(firstMs, endMs - result.durationMs);
      lastMs = Math.max(lastMs, endMs);
      outcomes.set(result.outcome, (outcomes.get(result.outcome) ?? 0) + 1);
    },
    view: () => ({
      files,
      failed,
      bytes,
      words,
      seconds: files === 0 ? 0 : (lastMs - firstMs) / 1000,
      firstStartAt: files === 0 ? null : new Date(firstMs).toISOString(),
      lastEndAt: files === 0 ? null : new Date(lastMs).toISOString(),
      outcomes: [...outcomes]
        .map(([outcome, count]) => ({ outcome, files: count }))
        .sort((a, b) => b.files - a.files || (a.outcome < b.outcome ? -1 : 1)),
    }),
  };
}
