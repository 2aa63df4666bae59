import type { JobResult, ObjectVersion } from '../ports/index.ts';
import { type ItemKey, itemKey } from './table.ts';

/** The object version of a record, and its job. */
export interface KeyFacts extends ObjectVersion {
  readonly jobId: string;
}

/**
 * What a record's key says: `bucket/key`, and `version#jobId`. The version is a version id if the item has an
 * ETag besides; otherwise it is the ETag.
 */
export function factsOfKey({ object, version }: ItemKey, eTag?: string): KeyFacts {
  const slash = object.indexOf('/');
  const hash = version.lastIndexOf('#');
  const name = version.slice(0, hash);
  return {
    bucket: object.slice(0, slash),
    key: object.slice(slash + 1),
    jobId: version.slice(hash + 1),
    ...(eTag === undefined ? { eTag: name } : { versionId: name, eTag }),
  };
}

/** The facts of an item that names all of them: its key does not give them, or it is of version 1. */
export function namedFacts({
  bucket = '',
  key = '',
  jobId = '',
  versionId,
  eTag,
}: Partial<KeyFacts>): KeyFacts {
  return {
    bucket,
    key,
    jobId,
    ...(versionId === undefined ? {} : { versionId }),
    ...(eTag === undefined ? {} : { eTag }),
  };
}

/** What an item has to name besides its key: usually nothing or the ETag; everything if the key does not give it. */
export function factsBesidesKey({ jobId, object }: Pick<JobResult, 'jobId' | 'object'>): Partial<KeyFacts> {
  const facts = namedFacts({ ...object, jobId });
  const besides = facts.versionId === undefined || facts.eTag === undefined ? {} : { eTag: facts.eTag };
  const said = factsOfKey(itemKey({ jobId, object }), besides.eTag);
  const isSame = (['bucket', 'key', 'jobId', 'versionId', 'eTag'] as const).every(
    (name) => said[name] === facts[name],
  );
  return isSame ? besides : facts;
}
