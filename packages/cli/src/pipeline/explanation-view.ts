import type { QueueDepth } from '@org/wordfreq-aws-adapters/ports';
import type { DeadLetterView } from './dead-letters.ts';
import type { Explanation } from './explain-object.ts';
import type { VersionStatus } from './object-status.ts';
import { helpOfOutcome } from './outcome-help.ts';
import type { StoredVersion } from './stored-versions.ts';

/** An object in a bucket. */
export interface PlaceView {
  readonly bucket: string;
  readonly version: string;
  readonly sizeBytes: number;
  readonly lastModified: string;
  /** Where it was copied from. */
  readonly source?: StoredVersion['source'];
}

/** One version and its status. */
export interface VersionView {
  readonly version: string;
  readonly stored: boolean;
  readonly current: boolean;
  readonly sizeBytes?: number;
  readonly lastModified?: string;
  readonly jobId?: string;
  readonly outcome?: string;
  readonly meaning?: string;
  readonly hint?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly words?: number;
  readonly distinctWords?: number;
  readonly tokenizer?: string;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly worker?: string;
  readonly finishedAt?: string;
  readonly publishedAt?: string;
  /** Tries that failed with transient errors. */
  readonly failures?: number;
  readonly lastError?: { readonly code: string; readonly message: string };
  readonly lastFailedAt?: string;
}

/** What `wordfreq explain --json` prints; the names are public contract. `null` stands for "is not there". */
export interface ExplanationView {
  readonly key: string;
  readonly state: string;
  readonly meaning: string;
  readonly hint: string | null;
  readonly upload: PlaceView | null;
  readonly copy: PlaceView | null;
  readonly versions: readonly VersionView[];
  readonly deadLetters: readonly DeadLetterView[];
  readonly queues: { readonly jobs: QueueDepth | null; readonly uploads: QueueDepth | null };
  readonly notRead: readonly string[];
}

/** Turns an explanation into what is printed. */
export function explanationView(explanation: Explanation): ExplanationView {
  const { key, status, upload, copy, versions, deadLetters, jobs, uploads, notRead } = explanation;
  return {
    key,
    state: status.state,
    meaning: status.meaning,
    hint: status.hint ?? null,
    upload: upload === undefined ? null : placeView(explanation.uploadingBucket ?? '', upload),
    copy: copy === undefined ? null : placeView(explanation.processingBucket, copy),
    versions: versions.map(versionView),
    deadLetters,
    queues: { jobs: jobs ?? null, uploads: uploads ?? null },
    notRead,
  };
}

function placeView(bucket: string, stored: StoredVersion): PlaceView {
  const { versionId, eTag, sizeBytes, lastModified, source } = stored;
  return {
    bucket,
    version: versionId ?? eTag ?? '',
    sizeBytes,
    lastModified: lastModified.toISOString(),
    ...(source === undefined ? {} : { source }),
  };
}

function versionView(known: VersionStatus): VersionView {
  const {
    versionId: _,
    eTag: __,
    lastModified,
    finishedAt,
    publishedAt,
    lastFailedAt,
    totals,
    ...rest
  } = known;
  const dates = { lastModified, finishedAt, publishedAt, lastFailedAt };
  return {
    ...rest,
    ...(totals === undefined ? {} : { words: totals.words, distinctWords: totals.distinctWords }),
    ...(rest.outcome === undefined ? {} : helpOfOutcome(rest.outcome)),
    ...Object.fromEntries(
      Object.entries(dates).flatMap(([name, date]) =>
        date === undefined ? [] : [[name, date.toISOString()]],
      ),
    ),
  };
}
