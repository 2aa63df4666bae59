import { createHash } from 'node:crypto';
import type { ObjectVersion } from '@org/wordfreq-aws-adapters/ports';

/** One object version to be counted. */
export interface Job {
  /** The object version to count. */
  readonly object: ObjectVersion;
  /** Orders versions of the same key, if the store provides it. */
  readonly sequencer?: string;
  /** When the version was written, or was known to be current, from its announcement. See `versionOrder`. */
  readonly createdAt?: Date;
  /** The size of the object, from its announcement or the store. */
  readonly sizeBytes?: number;
  /** How often the job's message has been received, this time included. */
  readonly attempt: number;
}

/**
 * The identity of a job: the same object version counted with the same options, and nothing else, has the
 * same id. 32 hex digits.
 *
 * @example
 * jobIdOf({ bucket: 'texts', key: 'a.txt', eTag: 'd41d8c' }, 'unicode-1024-u17.0.0-visible1');
 */
export function jobIdOf(object: ObjectVersion, optionsFingerprint: string): string {
  const { bucket, key, versionId, eTag } = object;
  // Announcements with a NUL in one of the parts are refused (`checkKey`), so no two jobs have one identity.
  const identity = [bucket, key, versionId ?? eTag ?? '', optionsFingerprint].join('\0');
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
