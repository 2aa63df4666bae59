import type { JobCost, JobResult, StoredResult } from './job-result.ts';
import type { CallOptions } from './object-store.ts';
import type { ListResultsOptions } from './result-store.ts';

/** What the index keeps of a record: enough for totals, and to find the record. */
export interface ResultEntry extends Pick<JobResult, 'jobId' | 'outcome' | 'totals' | 'durationMs' | 'cost'> {
  /** Names the job's record within its store. The record that replaces a failure has the same id. */
  readonly id: string;
  /** The bucket. */
  readonly bucket: string;
  /** The key. */
  readonly key: string;
  /** When the record was written, by the clock of its writer. */
  readonly committedAt: Date;
}

/** What ended in one stretch of time: its length and start in seconds, files done and failed, bytes. */
export type PaceStretch = readonly [
  seconds: number,
  from: number,
  done: number,
  failed: number,
  bytes: number,
];

/** Results, added up. */
export interface ResultSums {
  /** Files that have ended. */
  readonly files: number;
  /** The bytes of their texts. */
  readonly bytes: number;
  /** The words of their texts. */
  readonly words: number;
  /** What they cost, of those whose cost was counted. */
  readonly cost?: Readonly<JobCost>;
  /** When the first file was started, in milliseconds since 1970; absent if there is none. */
  readonly firstStartMs?: number;
  /** When the last one ended. */
  readonly lastEndMs?: number;
  /** How many files ended how. */
  readonly outcomes: readonly { readonly outcome: string; readonly files: number }[];
  /** What ended lately, for charts. */
  readonly pace: readonly PaceStretch[];
}

/**
 * A day of UTC with records, and the sums of its first part. The sums can always be made again from the
 * entries; they are kept so that each day is read once.
 */
export interface DayTotals {
  /** Such as `2026-11-28`. */
  readonly day: string;
  /** The records that were committed before this moment are in `sums`; absent if none was added up yet. */
  readonly upTo?: Date;
  /** Absent together with `upTo`. */
  readonly sums?: ResultSums;
  /**
   * When sums were last discarded, because a record of the day was about to be replaced, which moves its
   * entry to the time of the new record. Readers wait until entries have settled before they add the day up again.
   */
  readonly resetAt?: Date;
}

/** How to list the newest entries. */
export interface NewestOptions extends CallOptions {
  /** How many entries the caller will take, which decides how many are read at once. Default: 100. */
  readonly expected?: number;
}

/**
 * The records of a store by the time of their commit. An entry is part of its record's own write, so there
 * is exactly one for each record. Entries may show up some seconds after their record. Records that were
 * written before there was an index have none.
 *
 * Each method throws `invalid`, with what to do, if the store has no such index; and `access-denied`,
 * `throttled`, `unavailable`, `aborted`.
 */
export interface ResultIndex {
  /** All entries, the newest first; reads only as far as the caller takes them. */
  newest(options?: NewestOptions): AsyncIterable<ResultEntry>;
  /**
   * The entries that were committed at `from` or later, but before `until` (default: the end, including
   * entries of workers whose clocks are fast), in no particular order.
   */
  between(from: Date, until?: Date, options?: CallOptions): AsyncIterable<ResultEntry>;
  /** The records of entries, in their order; undefined for those that were removed. */
  records(
    entries: readonly Pick<ResultEntry, 'id'>[],
    options?: ListResultsOptions,
  ): Promise<readonly (StoredResult | undefined)[]>;
  /** The days that have records, the oldest first, as they stand. */
  days(options?: CallOptions): Promise<readonly DayTotals[]>;
  /**
   * Keeps the sums of the first part of a day. Returns false, and changes nothing, if sums up to the same
   * moment or a later one are kept, or if sums were last discarded at another time than `resetAt`, because then
   * these sums may be out of date. Safe to repeat.
   */
  saveTotals(totals: Required<Omit<DayTotals, 'resetAt'>> & Pick<DayTotals, 'resetAt'>): Promise<boolean>;
}
