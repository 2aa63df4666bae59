import type { StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { totalsOf } from './result-sums.ts';
import type { ResultTotals } from './result-totals.ts';
import type { ResultsReading } from './results-reader.ts';
import { type ThroughputView, throughputOf } from './throughput.ts';
import { type FileWords, type TopWordsView, topWordsOf } from './top-words.ts';
import { type FileView, fileView } from './views.ts';

/** What the page shows of all results; its size does not depend on how many there are. */
export interface ResultsDigest {
  /** When it was made. */
  readonly at: Date;
  readonly totals: ResultTotals;
  /** Whether the totals are of all results; false for a while after the first reading. */
  readonly complete: boolean;
  /** The newest, newest first. */
  readonly files: readonly FileView[];
  readonly topWords: TopWordsView;
  readonly throughput: readonly ThroughputView[];
}

/** What the page keeps of one of the newest files. */
interface NewestFile extends FileWords {
  readonly view: FileView;
}

/** How many rows the page holds. */
export const MAX_FILES = 500;
/** How many words of each file are added up. */
const MAX_WORDS_OF_FILE = 100;

/** What the page keeps of a record, which may hold many thousand words. */
export function newestFile(record: StoredResult): NewestFile {
  return { view: fileView(record), object: record.object, words: record.words.slice(0, MAX_WORDS_OF_FILE) };
}

/** What the page shows of a reading. */
export function digestResults(
  { sums, complete, newest }: Pick<ResultsReading<NewestFile>, 'sums' | 'complete' | 'newest'>,
  now: Date,
): ResultsDigest {
  return {
    at: now,
    totals: totalsOf(sums),
    complete,
    files: newest.map(({ view }) => view),
    topWords: topWordsOf(newest),
    throughput: throughputOf(sums.pace, now),
  };
}
