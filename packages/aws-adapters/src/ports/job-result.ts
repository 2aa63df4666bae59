import type { ObjectVersion } from './object-store.ts';

/**
 * How a job ended: `counted`; `empty` (no words); `skipped:<why>`; `gone` (deleted before it was read);
 * `failed:<code>`. Exactly one per job, permanently, with two exceptions: a failure is replaced by a better
 * outcome, when somebody fixed its cause and sent the job again; and `gone` and `skipped:overwritten` are
 * replaced when the very same bytes were uploaded again.
 */
export type Outcome = 'counted' | 'empty' | 'gone' | `skipped:${string}` | `failed:${string}`;

/** A word and how often it occurs. */
export interface WordCount {
  /** The word, as the tokenizer gives it. */
  readonly word: string;
  /** A whole number, exact up to 2^53 − 1. */
  readonly count: number;
}

/** Something noteworthy about the text that did not stop the count. */
export interface ResultWarning {
  /** From the core's closed set, such as `invalid-utf8`. */
  readonly code: string;
  /** How often it occurred. */
  readonly count: number;
  /** Of the first occurrence, in bytes from the start of the text. */
  readonly firstOffset: number;
}

/** The encoding that a text was read in. */
export interface ResultEncoding {
  /** By the Encoding Standard, such as `windows-1252`. */
  readonly name: string;
  /** How it was found: by a byte order mark, the content type or the worker's setting, a detector, or not at all. */
  readonly foundBy: 'bom' | 'declared' | 'detected' | 'default';
  /** The encoding that a text, read as UTF-8, may be in instead. */
  readonly likely?: string;
}

/** The options of a count, and their fingerprint, which is part of a job's identity. */
export interface ResultOptions {
  /** The core's fingerprint of the options: the same exactly if two sets of options give the same counts. */
  readonly fingerprint: string;
  /** The name of the tokenizer. */
  readonly tokenizer: string;
  /** How many words `words` may hold. */
  readonly top: number;
}

/**
 * What a job cost its worker: the requests that it made, its shares of those that several jobs made together, and
 * of the process's processor time. Shares are fractions, so that they add up over all records of a worker.
 */
export interface JobCost {
  /** Requests to S3 that read. */
  s3Reads: number;
  /** Requests to S3 that write words that do not fit into a record. */
  s3Writes: number;
  /** Requests to SQS. */
  queueRequests: number;
  /** Notifications that were published to SNS. */
  notifications: number;
  /** Requests to DynamoDB that write. */
  tableWrites: number;
  /** Requests to DynamoDB that read. */
  tableReads: number;
  /** Milliseconds of a processor. */
  processorMs: number;
}

/** The record of one job: one object version counted with one set of options. */
export interface JobResult {
  /** The version of this format. */
  readonly schemaVersion: 1;
  /** Derived from the object version and the options: the same job always has the same id. */
  readonly jobId: string;
  /** The object version that was counted. */
  readonly object: ObjectVersion;
  /** How the job ended. */
  readonly outcome: Outcome;
  /** The options of the count. */
  readonly options: ResultOptions;
  /** The most frequent words, count descending, then in code-point order. */
  readonly words: readonly WordCount[];
  /** Totals of the whole text, of which `words` are a part. */
  readonly totals: {
    readonly bytes: number;
    /** All words, repeated ones too. */
    readonly words: number;
    readonly distinctWords: number;
  };
  /** What was noteworthy about the text. */
  readonly warnings: readonly ResultWarning[];
  /** The encoding of the text; absent for UTF-8. */
  readonly encoding?: ResultEncoding;
  /** Present when `outcome` is `failed:…`. */
  readonly error?: { readonly code: string; readonly message: string };
  /** How long the job took. */
  readonly durationMs: number;
  /** The number of the receive in which the job ended. */
  readonly attempt: number;
  /** Which worker wrote it. */
  readonly worker: string;
  /** When the job ended. */
  readonly finishedAt: Date;
  /** The sequencer of the event, which orders events of one key. */
  readonly sequencer?: string;
  /** When the object version was written. */
  readonly lastModified?: Date;
  /** What it cost; absent if it was not measured. */
  readonly cost?: Readonly<JobCost>;
  /**
   * Where the version stands among all states of its key: of two, the one with the greater string is the
   * newer. Made by `versionOrder` of `./rules`; it moves up when the same version is found to have been
   * current later.
   */
  readonly order: string;
}

/** A stored result, and whether people were notified of it. */
export interface StoredResult extends JobResult {
  /**
   * When the results message and the notification were both sent; absent if a crash came between, and from
   * results of which nobody is notified.
   */
  readonly publishedAt?: Date;
  /**
   * Why `words` is empty although words were counted: they are kept apart, and cannot be read or were not
   * asked for.
   */
  readonly missingWords?: string;
}
