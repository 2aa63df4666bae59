import type { EventProblem, PortErrorCode } from '../ports/index.ts';

/** What a person can do about a failure. `nothing`: it needs nothing, or happens again by itself. */
export type Remedy = 'nothing' | 'upload-corrected' | 'fix-and-send-back' | 'delete';

/** What a code means for a person, with placeholders that `HelpWords` fill. */
export interface HelpEntry {
  /** One sentence. */
  readonly meaning: string;
  /** One sentence; absent where nothing needs to be done. */
  readonly hint?: string;
  /** Default: for a failure `fix-and-send-back`, else `nothing`. */
  readonly remedy?: Remedy;
}

const REDRIVE = '{sendBack}';
const PURGE = 'Find out who sends it; {deletion}.';

/**
 * Why a job can never succeed, found by the worker itself. With the ports' codes these are all the
 * `failed:<code>` outcomes there are.
 *
 * | code | meaning |
 * |---|---|
 * | `bucket-not-allowed` | the message names a bucket that this worker is not configured for |
 * | `object-too-large` | the object exceeds `MAX_OBJECT_BYTES` |
 * | `not-text` | the object's bytes are not text, or text in an encoding that cannot be told safely |
 * | `unsupported-encoding` | the object's content encoding is neither gzip nor zstd, or the object is compressed twice |
 * | `corrupt-compression` | the compressed data are damaged, end early, are followed by other bytes, or are not there although name or encoding say so |
 * | `decompressed-too-large` | the text exceeds `MAX_OBJECT_BYTES`, or is a decompression bomb |
 * | `too-many-distinct-words` | the text has more different words than `MAX_DISTINCT_WORDS`, which are all held in memory |
 * | `attempts-exhausted` | the queue would have moved the message without a reason: its workers died of it, or were interrupted each time |
 * | `internal` | a fault of the worker itself, three times in a row |
 */
export type JobErrorCode =
  | 'bucket-not-allowed'
  | 'object-too-large'
  | 'not-text'
  | 'unsupported-encoding'
  | 'corrupt-compression'
  | 'decompressed-too-large'
  | 'too-many-distinct-words'
  | 'attempts-exhausted'
  | 'internal';

/** Explained by the worker's code. A new code does not compile until it is explained here. */
export const JOB_FAILURES: Readonly<Record<JobErrorCode, HelpEntry>> = {
  'bucket-not-allowed': {
    meaning: 'The job names a bucket that the workers may not read.',
    hint: `Add the bucket to the workers’ PROCESSING_BUCKET if they should read it, ${REDRIVE}.`,
  },
  'object-too-large': {
    meaning: 'The object is larger than MAX_OBJECT_BYTES.',
    hint: `Raise MAX_OBJECT_BYTES, ${REDRIVE}; or split the object.`,
  },
  'not-text': {
    meaning: 'The bytes are not text, or text in an encoding that cannot be told safely.',
    hint: 'Upload the text itself, in UTF-8.',
    remedy: 'upload-corrected',
  },
  'unsupported-encoding': {
    meaning: 'The object’s Content-Encoding is neither gzip nor zstd, or it is compressed twice.',
    hint: 'Upload the text uncompressed, or compressed once with gzip.',
    remedy: 'upload-corrected',
  },
  'corrupt-compression': {
    meaning:
      'The compressed data are damaged, end early or are followed by other bytes, or the object is not compressed although its key or Content-Encoding says so.',
    hint: 'Compress the text again and upload it.',
    remedy: 'upload-corrected',
  },
  'decompressed-too-large': {
    meaning: 'The text is too large once decompressed, or is a decompression bomb.',
    hint: `Upload it uncompressed; or raise MAX_OBJECT_BYTES, ${REDRIVE}.`,
  },
  'too-many-distinct-words': {
    meaning: 'The text has more different words than MAX_DISTINCT_WORDS, which are all held in memory.',
    hint: `Raise MAX_DISTINCT_WORDS and give the workers more memory, ${REDRIVE}; or split the object.`,
  },
  'attempts-exhausted': {
    meaning: 'Workers started the job again and again, and none finished it: it may be what kills them.',
    hint: `Look for out-of-memory kills in the workers’ logs and at the object, give the workers more memory, ${REDRIVE}.`,
  },
  internal: {
    meaning: 'The worker itself failed, three times in a row.',
    hint: `Search the workers’ logs for the job’s id and report it, ${REDRIVE} once it is fixed.`,
  },
};

/** Explained by the stores' code. A new code does not compile until it is explained here. */
export const PORT_FAILURES: Readonly<Record<PortErrorCode, HelpEntry>> = {
  'not-found': {
    meaning:
      'Something that the job needs does not exist: the object’s bucket, the table, a queue or a topic.',
    hint: `Create it or correct the workers’ settings, ${REDRIVE}.`,
  },
  changed: {
    meaning: 'The object was overwritten before it was read.',
    hint: 'Nothing is lost: the new version has a job of its own.',
    remedy: 'nothing',
  },
  archived: {
    meaning: 'The object is in an archive storage class and cannot be read.',
    hint: `Restore the object, ${REDRIVE}.`,
  },
  'access-denied': {
    meaning: 'The workers may not read the object, or may not use its encryption key.',
    hint: `Allow the workers’ role s3:GetObject, and kms:Decrypt if the bucket is encrypted with a key of yours, ${REDRIVE}.`,
  },
  invalid: {
    meaning: 'A service refused the request as malformed or too large.',
    hint: `Read the message; set SPILL_BUCKET if the result is too large, ${REDRIVE}.`,
  },
  'lease-lost': {
    meaning: 'The worker lost its lease on the message while it was processing it.',
    hint: 'Raise VISIBILITY_SECONDS if it happens often; the job is processed again by itself.',
    remedy: 'nothing',
  },
  throttled: {
    meaning: 'A service asked for fewer requests, three times in a row.',
    hint: `Wait or run fewer workers, ${REDRIVE}.`,
  },
  unavailable: {
    meaning: 'A service could not be reached or failed, three times in a row.',
    hint: `Wait until it works again, ${REDRIVE}.`,
  },
  truncated: {
    meaning: 'Reading the object broke off, however often it was resumed.',
    hint: `Check the network, ${REDRIVE}.`,
  },
  aborted: {
    meaning: 'The worker was interrupted.',
    hint: 'The job is processed again by itself.',
    remedy: 'nothing',
  },
};

/** Why a message itself was given up. */
export const MESSAGE_PROBLEMS: Readonly<Record<EventProblem | 'received-too-often', HelpEntry>> = {
  'not-json': {
    meaning: 'The message is not JSON, so nobody knows what it is about.',
    hint: PURGE,
    remedy: 'delete',
  },
  'unknown-shape': {
    meaning: 'The message is JSON, but not an S3 event in any of its forms.',
    hint: PURGE,
    remedy: 'delete',
  },
  'unsupported-version': {
    meaning: 'The event has a version that this release does not know.',
    hint: `Update the workers, ${REDRIVE}.`,
  },
  'bad-key': {
    meaning: 'The event’s key is not a valid S3 key.',
    hint: PURGE,
    remedy: 'delete',
  },
  'received-too-often': {
    meaning: 'The queue gave the message up after too many receives: its receivers never finished.',
    hint: `Look for crashes in the logs, ${REDRIVE}.`,
  },
};

/** Outcomes that are not failures. */
export const OTHER_OUTCOMES: Readonly<Record<string, HelpEntry>> = {
  counted: { meaning: 'Its words were counted.' },
  empty: { meaning: 'It was read and has no words.' },
  gone: {
    meaning: 'It was deleted before a worker read it.',
    hint: 'Upload it again if it is to be counted.',
  },
  'skipped:prefix': {
    meaning: 'Its key does not begin with the workers’ KEY_PREFIX.',
    hint: 'Upload it under that prefix if it is to be counted.',
  },
  'skipped:suffix': {
    meaning:
      'Its key does not end with the workers’ KEY_SUFFIX (.txt by default), optionally followed by .gz or .zst.',
    hint: 'Upload it with that ending if it is to be counted.',
  },
  'skipped:folder-marker': { meaning: 'Its key ends with a slash: it stands for a folder and has no text.' },
  'skipped:overwritten': {
    meaning: 'It was overwritten before a worker could count it.',
    hint: 'Nothing is lost: the new version has a job of its own.',
  },
};
