import type { EventProblem, PortErrorCode } from '@org/wordfreq-aws-adapters/ports';
import type { JobErrorCode } from '@org/wordfreq-worker';

/** What a code means for a person, and what to do about it. */
export interface OutcomeHelp {
  /** One sentence. */
  readonly meaning: string;
  /** One sentence; absent where nothing needs to be done. */
  readonly cure?: string;
}

const REDRIVE = 'then send it back: wordfreq dlq redrive';

/** What the worker and the stores fail with. A new code does not compile until it is explained here. */
const FAILURES: Readonly<Record<JobErrorCode | PortErrorCode, OutcomeHelp>> = {
  'bucket-not-allowed': {
    meaning: 'The job names a bucket that the workers may not read.',
    cure: `Add the bucket to the workers’ PROCESSING_BUCKET if they should read it, ${REDRIVE}.`,
  },
  'object-too-large': {
    meaning: 'The object is larger than MAX_OBJECT_BYTES.',
    cure: `Raise MAX_OBJECT_BYTES, ${REDRIVE}; or split the object.`,
  },
  'not-text': {
    meaning: 'The bytes are not a text: too many of them are NUL or not UTF-8.',
    cure: 'Upload the text itself, in UTF-8, or in UTF-16 with a byte order mark.',
  },
  'unsupported-encoding': {
    meaning: 'The object’s Content-Encoding is neither gzip nor zstd, or it is compressed twice.',
    cure: 'Upload the text uncompressed, or compressed once with gzip.',
  },
  'corrupt-compression': {
    meaning:
      'The compressed data are damaged, end early or are followed by other bytes, or the object is not compressed although its key or Content-Encoding says so.',
    cure: 'Compress the text again and upload it.',
  },
  'decompressed-too-large': {
    meaning: 'The text is too large once decompressed, or is a decompression bomb.',
    cure: `Upload it uncompressed; or raise MAX_OBJECT_BYTES, ${REDRIVE}.`,
  },
  'too-many-distinct-words': {
    meaning: 'The text has more different words than MAX_DISTINCT_WORDS, which are all held in memory.',
    cure: `Raise MAX_DISTINCT_WORDS and give the workers more memory, ${REDRIVE}; or split the object.`,
  },
  'attempts-exhausted': {
    meaning: 'Workers started the job again and again, and none finished it: it may be what kills them.',
    cure: `Look for out-of-memory kills in the workers’ logs and at the object, give the workers more memory, ${REDRIVE}.`,
  },
  internal: {
    meaning: 'The worker itself failed, three times in a row.',
    cure: `Search the workers’ logs for the job’s id and report it, ${REDRIVE} once it is fixed.`,
  },
  'not-found': {
    meaning:
      'Something that the job needs does not exist: the object’s bucket, the table, a queue or a topic.',
    cure: `Create it or correct the workers’ settings, ${REDRIVE}.`,
  },
  changed: {
    meaning: 'The object was overwritten before it was read.',
    cure: 'Nothing is lost: the new version has a job of its own.',
  },
  archived: {
    meaning: 'The object is in an archive storage class and cannot be read.',
    cure: `Restore the object, ${REDRIVE}.`,
  },
  'access-denied': {
    meaning: 'The workers may not read the object, or may not use its encryption key.',
    cure: `Allow their role s3:GetObject, and kms:Decrypt if the bucket is encrypted with a key of yours, ${REDRIVE}.`,
  },
  invalid: {
    meaning: 'A service refused the request as malformed or too large.',
    cure: `Read the message; set SPILL_BUCKET if the result is too large, ${REDRIVE}.`,
  },
  'lease-lost': {
    meaning: 'The worker lost its lease on the message while it was processing it.',
    cure: 'Raise VISIBILITY_SECONDS if it happens often; the job is processed again by itself.',
  },
  throttled: {
    meaning: 'A service asked for fewer requests, three times in a row.',
    cure: `Wait or run fewer workers, ${REDRIVE}.`,
  },
  unavailable: {
    meaning: 'A service could not be reached or failed, three times in a row.',
    cure: `Wait until it works again, ${REDRIVE}.`,
  },
  truncated: {
    meaning: 'Reading the object broke off, however often it was resumed.',
    cure: `Check the network, ${REDRIVE}.`,
  },
  aborted: {
    meaning: 'The worker was interrupted.',
    cure: 'The job is processed again by itself.',
  },
};

/** Why a message itself was given up. */
const MESSAGES: Readonly<Record<EventProblem | 'received-too-often', OutcomeHelp>> = {
  'not-json': {
    meaning: 'The message is not JSON, so nobody knows what it is about.',
    cure: 'Find out who sends it; wordfreq dlq purge removes it.',
  },
  'unknown-shape': {
    meaning: 'The message is JSON, but not an S3 event in any of its forms.',
    cure: 'Find out who sends it; wordfreq dlq purge removes it.',
  },
  'unsupported-version': {
    meaning: 'The event has a version that this release does not know.',
    cure: `Update the workers, ${REDRIVE}.`,
  },
  'bad-key': {
    meaning: 'The event’s key is no key that S3 can have.',
    cure: 'Find out who sends it; wordfreq dlq purge removes it.',
  },
  'received-too-often': {
    meaning: 'The queue gave the message up after too many receives: its receivers never finished.',
    cure: `Look for crashes in the logs, ${REDRIVE}.`,
  },
};

/** Outcomes that are no failures. */
const ENDS: Readonly<Record<string, OutcomeHelp>> = {
  counted: { meaning: 'Its words were counted.' },
  empty: { meaning: 'It was read and has no words.' },
  gone: {
    meaning: 'It was deleted before a worker read it.',
    cure: 'Upload it again if it is to be counted.',
  },
  'skipped:prefix': {
    meaning: 'Its key does not begin with the workers’ KEY_PREFIX.',
    cure: 'Upload it under that prefix if it is to be counted.',
  },
  'skipped:suffix': {
    meaning: 'Its key does not end with the workers’ KEY_SUFFIX (.txt by default), and .gz or .zst perhaps.',
    cure: 'Upload it with that ending if it is to be counted.',
  },
  'skipped:folder-marker': { meaning: 'Its key ends with a slash: it stands for a folder and has no text.' },
  'skipped:overwritten': {
    meaning: 'It was overwritten before a worker read it.',
    cure: 'Nothing is lost: the new version has a job of its own.',
  },
};

/** Every outcome that a result may have. */
export const OUTCOMES: readonly string[] = [
  ...Object.keys(ENDS),
  ...Object.keys(FAILURES).map((code) => `failed:${code}`),
];

/** Every reason that a dead letter may have. */
export const REASONS: readonly string[] = [...Object.keys(FAILURES), ...Object.keys(MESSAGES)];

/** The codes that are explained, each once: outcomes, failures, and reasons of dead letters. */
export const EXPLAINED_CODES: readonly string[] = [...OUTCOMES, ...Object.keys(MESSAGES)];

/**
 * Explains an outcome (`counted`, `failed:not-text`, …).
 *
 * @example
 * outcomeHelp('skipped:suffix').meaning; // 'Its key does not end with the workers’ KEY_SUFFIX (.txt by default), and .gz or .zst perhaps.'
 */
export function outcomeHelp(outcome: string): OutcomeHelp {
  const code = outcome.startsWith('failed:') ? outcome.slice('failed:'.length) : undefined;
  if (code !== undefined) return reasonHelp(code);
  return own(ENDS, outcome) ?? unknownCode(outcome);
}

/** Explains the reason code of a dead letter. */
export function reasonHelp(code: string): OutcomeHelp {
  return own(FAILURES, code) ?? own(MESSAGES, code) ?? unknownCode(code);
}

/** Codes come from outside: `constructor` is none. */
function own(table: Readonly<Record<string, OutcomeHelp>>, code: string): OutcomeHelp | undefined {
  return Object.hasOwn(table, code) ? table[code] : undefined;
}

function unknownCode(code: string): OutcomeHelp {
  return {
    meaning: `This release does not know the code ${code}.`,
    cure: 'Update wordfreq; a newer worker may have written it.',
  };
}
