import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  CallOptions,
  ObjectReader,
  ObjectSummary,
  QueueDepth,
  ResultStore,
  StoredVersion,
  VersionSummary,
} from '@org/wordfreq-aws-adapters/ports';
import { type CopySource, copySource, isTextKey, messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { formatNumberOf } from '../../terminal/format.ts';
import type { DeadLetterView } from '../dead-letters/dead-letters.ts';
import { type CommandHelp, helpOfOutcome, helpOfReason, helpOfResult } from '../result-view.ts';

/** A stored version, and where it came from. */
export interface TracedVersion extends StoredVersion {
  /** Where the copy Lambda copied it from, by its own note; known of the current version only. */
  readonly source?: CopySource;
}

/** One version of an object: what the bucket that the workers read and the table know of it, together. */
export interface VersionStatus extends Partial<Omit<VersionSummary, 'version'>> {
  readonly version: string;
  /** Whether the bucket still has it. */
  readonly stored: boolean;
  readonly current: boolean;
  readonly sizeBytes?: number;
  readonly lastModified?: Date;
}

/** All that could be found out about one key. */
export interface Findings {
  readonly key: string;
  readonly uploadingBucket?: string | undefined;
  readonly processingBucket: string;
  /** The current version among the uploads. */
  readonly upload?: TracedVersion | undefined;
  /** The current version in the bucket that the workers read. */
  readonly copy?: TracedVersion | undefined;
  /** Newest first. */
  readonly versions: readonly VersionStatus[];
  readonly deadLetters: readonly DeadLetterView[];
  readonly jobs?: QueueDepth | undefined;
  readonly uploads?: QueueDepth | undefined;
}

/** Where an object is on its way; an outcome once it has ended. */
type ObjectState =
  /** Nothing is known of the key. */
  | 'unknown'
  /** It is among the uploads and not yet, or never to be, copied. */
  | 'uploaded'
  /** It is where the workers read, and messages wait: one of them may be its. */
  | 'queued'
  /** As before, and messages are in flight: one of them may be its. */
  | 'in-flight'
  /** Tries have failed with transient errors. */
  | 'retrying'
  /** Its message is among the dead letters, and it has no outcome. */
  | 'dead-letter'
  /** It is where the workers read, and no message is on its way. */
  | 'unannounced'
  | (string & {});

/** The verdict on a key. */
export interface ObjectStatus extends CommandHelp {
  readonly state: ObjectState;
}

/** Says where an object is now, and what to do if somebody has to do something. */
export function statusOf(findings: Findings): ObjectStatus {
  const { copy, upload, versions } = findings;
  if (upload !== undefined && !hasCopy(findings)) return notCopied(findings);
  if (copy === undefined) {
    const [newest] = versions;
    if (newest?.outcome === undefined) return unknown(findings);
    const { meaning } = helpOfOutcome(newest.outcome);
    return { state: newest.outcome, meaning: `${meaning} The object has been deleted since.` };
  }
  const now = versions.find(({ current }) => current);
  if (now?.outcome !== undefined) return { state: now.outcome, ...helpOfResult(now.outcome, now) };
  if (now?.failures !== undefined) return retrying(now);
  return waiting(findings);
}

function hasCopy({ uploadingBucket, processingBucket, upload, copy }: Findings): boolean {
  if (uploadingBucket === processingBucket) return true;
  return copy !== undefined && upload !== undefined && isCopyOf(upload, copy);
}

const OTHER_THAN_TEXT: ObjectStatus = {
  state: 'uploaded',
  meaning:
    'It was uploaded, but the key does not end in .txt, .txt.gz or .txt.zst, and only such uploads are announced by default.',
  hint: 'Upload it under a key that ends in .txt, or change the notification’s suffix filter.',
};

function notCopied({ key, deadLetters, uploads, upload, uploadingBucket }: Findings): ObjectStatus {
  const [letter] = deadLetters.filter(
    ({ queue, bucket }) => queue === 'uploads' || bucket === uploadingBucket,
  );
  if (letter !== undefined) {
    return { state: 'dead-letter', ...helpOfReason(letter.code) };
  }
  if (!isTextKey(key, '.txt')) return OTHER_THAN_TEXT;
  const waiting = uploads === undefined ? 0 : messagesIn(uploads);
  if (waiting > 0 || uploads === undefined) {
    const about =
      uploads === undefined
        ? ''
        : `; ${formatNumberOf(waiting, 'upload is', 'uploads are')} waiting to be copied`;
    return { state: 'uploaded', meaning: `It was uploaded but not copied yet${about}.` };
  }
  return {
    state: 'uploaded',
    meaning: `It was uploaded at ${upload?.lastModified.toISOString()} but never copied, and no upload is waiting.`,
    hint: `Look at the copy Lambda’s logs, and announce it again: wordfreq reconcile --prefix ${shellWord(key)} --enqueue`,
  };
}

function unknown({ key, uploadingBucket, processingBucket, deadLetters }: Findings): ObjectStatus {
  const [letter] = deadLetters;
  if (letter !== undefined) {
    const { meaning, hint } = helpOfReason(letter.code);
    return {
      state: 'dead-letter',
      meaning: `${meaning} The object itself is gone.`,
      ...(hint === undefined ? {} : { hint }),
    };
  }
  const places =
    uploadingBucket === undefined || uploadingBucket === processingBucket
      ? processingBucket
      : `${uploadingBucket} nor ${processingBucket}`;
  return {
    state: 'unknown',
    meaning: `Nothing is known of it: neither ${places.includes(' nor ') ? places : `the bucket ${places}`} ${places.includes(' nor ') ? 'has' : 'nor the table has'} such a key, and it has no result.`,
    hint: `Upload it with: wordfreq upload ${shellWord(key.split('/').at(-1) ?? key)}${key.includes('/') ? ` --prefix ${shellWord(key.slice(0, key.lastIndexOf('/') + 1))}` : ''}`,
  };
}

function retrying({ failures, lastError, lastFailedAt }: VersionStatus): ObjectStatus {
  const why = lastError === undefined ? '' : ` Last: ${lastError.code}: ${lastError.message}`;
  const when = lastFailedAt === undefined ? '' : ` at ${lastFailedAt.toISOString()}`;
  return {
    state: 'retrying',
    meaning: `It failed ${formatNumberOf(failures ?? 0, 'time')}${when} with an error that may be temporary, and is tried again.${why}`,
  };
}

/** The object exists, but the table has nothing about it. */
function waiting(findings: Findings): ObjectStatus {
  const { deadLetters, jobs, copy, key, uploadingBucket, processingBucket } = findings;
  const [letter] = deadLetters.filter(
    ({ bucket, version }) =>
      bucket === processingBucket && (version === undefined || isVersion(version, copy)),
  );
  if (letter !== undefined) return { state: 'dead-letter', ...helpOfReason(letter.code) };
  if (uploadingBucket === processingBucket && !isTextKey(key, '.txt')) return OTHER_THAN_TEXT;
  if (jobs === undefined) {
    return { state: 'queued', meaning: 'It is where the workers read, and has no outcome yet.' };
  }
  const queued = jobs.visible + jobs.delayed;
  const numbers = `about ${formatNumberOf(queued, 'job is', 'jobs are')} waiting and ${jobs.inFlight} in flight`;
  if (jobs.inFlight > 0) {
    return { state: 'in-flight', meaning: `It has no outcome yet; ${numbers}, and it may be one of them.` };
  }
  if (queued > 0) return { state: 'queued', meaning: `It has no outcome yet; ${numbers}.` };
  return {
    state: 'unannounced',
    meaning:
      'It is where the workers read, but has no outcome, and no job is waiting: it was never announced, or its message was lost.',
    hint: `Put it into the queue: wordfreq backfill --prefix ${shellWord(key)}`,
  };
}

function isVersion(version: string, stored: TracedVersion | undefined): boolean {
  return version === stored?.versionId || version === stored?.eTag;
}

/** A text as one word of a POSIX shell. */
function shellWord(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Whether what the workers read under a key is the upload as it is now. What somebody put there directly has
 * no source; it counts unless the upload is newer.
 */
function isCopyOf(
  upload: { readonly eTag?: string; readonly versionId?: string; readonly lastModified: Date },
  copy: { readonly source?: CopySource | undefined; readonly lastModified: Date },
): boolean {
  const { source } = copy;
  if (source === undefined) return copy.lastModified >= upload.lastModified;
  return source.versionId === undefined || upload.versionId === undefined
    ? source.eTag === upload.eTag
    : source.versionId === upload.versionId;
}

/** Where copies are, and what is known of those that are there no longer. */
interface CopiesOptions extends CallOptions {
  readonly objects: Pick<ObjectReader, 'head'>;
  readonly results: Pick<ResultStore, 'versions'>;
  readonly processingBucket: string;
}

/**
 * Whether an upload, as it is now, has been copied: its copy is there, or was counted before somebody deleted
 * it.
 */
export async function isCopied(
  upload: ObjectSummary,
  { objects, results, processingBucket: bucket, ...call }: CopiesOptions,
): Promise<boolean> {
  const { key, eTag } = upload;
  try {
    const { metadata, lastModified } = await objects.head({ bucket, key }, call);
    if (isCopyOf(upload, { source: copySource(metadata), lastModified })) return true;
  } catch (error) {
    if (!isCoded(error) || error.code !== 'not-found') throw error;
  }
  return (await results.versions(bucket, key, call)).some(
    (version) => version.eTag === eTag && version.outcome !== undefined,
  );
}
