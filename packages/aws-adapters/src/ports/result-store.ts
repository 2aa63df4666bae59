import type { JobResult, Outcome, ResultEncoding, StoredResult } from './job-result.ts';
import type { CallOptions, ObjectVersion } from './object-store.ts';

/**
 * What `save` found: nothing or a failure, so this result is now the record; or an earlier record, which
 * is kept.
 */
export type SaveOutcome =
  | { readonly saved: true }
  | { readonly saved: false; readonly existing: StoredResult };

/** Keeps exactly one record per job. */
export interface ResultStore {
  /**
   * Writes the record unless the job already has one. A record with `failed:…` is replaced by one without. A
   * record with `gone` or `skipped:overwritten` is replaced by one with neither and a greater `order` (a
   * worker that lost its message long ago may be late). The new record must then be published again. A record
   * that is kept still takes the greater `order` of the two, and becomes the latest of its key if that says
   * so: the version came back. Safe to repeat: a write that finds its own earlier write is `saved`. Only the
   * members of a `JobResult` are kept, so what `find` returned may be saved, too.
   *
   * @throws `invalid` for a result with an invalid number or time, or one that is too large;
   * `access-denied`, `throttled`, `unavailable`, `aborted`
   */
  save(result: JobResult, options?: CallOptions): Promise<SaveOutcome>;
  /**
   * Records that this outcome of the job was published: its message was sent, and people were notified. The
   * worker does so for outcomes of which people are notified. Safe to repeat: the first time is kept. If the job
   * has another outcome by now, nothing is recorded: the worker that wrote that one will publish it.
   */
  markPublished(result: Pick<JobResult, 'jobId' | 'object' | 'outcome'>, at: Date): Promise<void>;
  /**
   * Counts one failed try of a job that has no record yet, and returns how many there have been; 0 if it has
   * one.
   */
  recordFailure(job: FailedTry): Promise<number>;
  /**
   * What is known of the failed tries of a job that has no record yet; undefined if it has one, or none
   * failed.
   */
  failedTries(
    job: Pick<JobResult, 'jobId' | 'object'>,
    options?: CallOptions,
  ): Promise<FailedTries | undefined>;
  /** The record of one job, if there is one. */
  find(job: Pick<JobResult, 'jobId' | 'object'>, options?: CallOptions): Promise<StoredResult | undefined>;
  /**
   * All records of one key, of every version, newest first: by `order`, then by when they were counted. A
   * record whose words are lost is among them, with `missingWords`.
   */
  history(bucket: string, key: string, options?: CallOptions): Promise<readonly StoredResult[]>;
  /** The record of the newest version of a key; moves only forward. */
  latest(bucket: string, key: string, options?: CallOptions): Promise<StoredResult | undefined>;
  /**
   * What is known of each version of a key, without its words: a record may hold 400 kB of them. Versions
   * whose tries failed so far come first, then the others as in `history`.
   */
  versions(bucket: string, key: string, options?: CallOptions): Promise<readonly VersionSummary[]>;
  /**
   * The keys of a bucket that have a record, each once, in no particular order. Reads the whole store, and
   * may miss what was saved within the last second.
   */
  keys(bucket: string, options?: KeysOptions): AsyncIterable<string>;
  /**
   * Every record, in no particular order. Reads the whole store. A record whose words are lost is listed with
   * `missingWords`.
   */
  list(options?: ListResultsOptions): AsyncIterable<StoredResult>;
  /**
   * Looks for records whose key, outcome or kept words contain a text (`recordMatches` of `./rules`). One
   * call reads a bounded part of the store and says where the next call goes on, so that the caller decides
   * how much a search may cost. Words that a store keeps apart from their record are not looked at. May miss
   * what was saved within the last second.
   *
   * @throws `invalid` for a cursor that is not from this store; `access-denied`, `throttled`, `unavailable`,
   * `aborted`
   */
  search(text: string, options?: SearchOptions): Promise<SearchPage>;
}

/** How to search. */
export interface SearchOptions extends CallOptions {
  /** The call ends once it has found this many. Default: 25. */
  readonly limit?: number;
  /** From the page before. Default: from the beginning. */
  readonly cursor?: string;
}

/** What one call of a search found. */
export interface SearchPage {
  /** In no particular order. */
  readonly results: readonly StoredResult[];
  /** How many records this call has looked at. */
  readonly searched: number;
  /** Where to go on; absent when the whole store was searched. */
  readonly cursor?: string;
}

/** What to list of each record. */
export interface ListResultsOptions extends CallOptions {
  /**
   * Whether to read words that the store keeps apart from their record, each with a request. Default: true.
   */
  readonly wordsKeptApart?: boolean;
}

/** Which keys to list. */
export interface KeysOptions extends CallOptions {
  /** Only keys that start with this. Default: all. */
  readonly prefix?: string;
}

/**
 * What is known of one version of a key: its record without words, or the failed tries of a job that has none
 * yet.
 */
export interface VersionSummary {
  /** The id of the job. */
  readonly jobId: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  /** The version's id in a versioned bucket. */
  readonly versionId?: string;
  /** The ETag, without quotes. */
  readonly eTag?: string;
  /** Absent while tries fail that may yet succeed. */
  readonly outcome?: Outcome;
  /** Why the job failed, if its outcome is `failed:…`. */
  readonly error?: { readonly code: string; readonly message: string };
  /** The totals of the record. */
  readonly totals?: JobResult['totals'];
  /** What was noteworthy about the text; absent if nothing was. */
  readonly warnings?: JobResult['warnings'];
  /** The encoding of the text; absent for UTF-8. */
  readonly encoding?: ResultEncoding;
  /** The tokenizer of the record. */
  readonly tokenizer?: string;
  /** How long the job took. */
  readonly durationMs?: number;
  /** The number of the receive in which the job ended. */
  readonly attempt?: number;
  /** The worker that wrote the record. */
  readonly worker?: string;
  /** When the job ended. */
  readonly finishedAt?: Date;
  /** When the record was published, if people were notified of it. */
  readonly publishedAt?: Date;
  /** What the job cost its worker. */
  readonly cost?: JobResult['cost'];
  /** Failed tries so far; absent once there is a record. */
  readonly failures?: number;
  /** The error of the last failed attempt; absent once there is a record. */
  readonly lastError?: { readonly code: string; readonly message: string };
  /** When the last attempt failed; absent once there is a record. */
  readonly lastFailedAt?: Date;
}

/** All tries of a job so far, each of which failed in a way that may pass. */
export interface FailedTries {
  /** How many attempts have failed. */
  readonly failures: number;
  /** The error of the last one. */
  readonly lastError: { readonly code: string; readonly message: string };
  /** When the last one failed. */
  readonly lastFailedAt: Date;
}

/** A try that failed in a way that may pass. */
export interface FailedTry {
  /** The id of the job. */
  readonly jobId: string;
  /** The object version of the job. */
  readonly object: ObjectVersion;
  /** Why it failed. */
  readonly error: { readonly code: string; readonly message: string };
  /** When it failed. */
  readonly at: Date;
}
