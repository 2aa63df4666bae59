import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  CallOptions,
  ObjectLister,
  ObjectLocation,
  ObjectReader,
  ObjectVersionLister,
  StoredVersion,
  VersionSummary,
} from '@org/wordfreq-aws-adapters/ports';
import { copySource } from '@org/wordfreq-aws-adapters/rules';
import { formatNumberOf } from '../../terminal/format.ts';
import type { Cloud } from '../cloud.ts';
import { deadLetterPlaces, listDeadLetters } from '../dead-letters/dead-letters.ts';
import { bucketOfCopiedUploads } from '../resource-names.ts';
import {
  type Findings,
  type ObjectStatus,
  statusOf,
  type TracedVersion,
  type VersionStatus,
} from './object-status.ts';

/** What happened to one key. */
export interface Explanation extends Findings {
  readonly status: ObjectStatus;
  /** What could not be read, each with the reason. */
  readonly notRead: readonly string[];
}

/** How to look. */
interface ExplainOptions {
  readonly key: string;
  /** Dead letters are read only where they may matter, at most this many. Default: 1000; 0 reads none. */
  readonly maxDeadLetters?: number;
}

/**
 * Finds out what happened to one key, in every place where it may be: uploads, the bucket that the workers
 * read, the table, the queues, the dead letters. Only the bucket that the workers read and the table must be
 * named.
 */
export async function explainObject(
  cloud: Cloud,
  { key, maxDeadLetters = 1000 }: ExplainOptions,
): Promise<Explanation> {
  const { names } = cloud;
  const notRead: string[] = [];
  const bucket = names.get('processingBucket');
  const uploadingBucket = names.find('uploadingBucket');
  const isCopied = uploadingBucket === undefined || bucketOfCopiedUploads(names) !== undefined;
  const ofCopying = <T>(what: string, read: () => Promise<T>): Promise<T | undefined> =>
    isCopied ? orNote(notRead, what, read) : Promise.resolve(undefined);
  const [copies, known, upload, jobs, uploads] = await Promise.all([
    storedVersions(cloud.objects, { bucket, key }),
    cloud.results.versions(bucket, key),
    ofCopying(
      'uploads',
      async () => (await storedVersions(cloud.objects, { bucket: names.get('uploadingBucket'), key }))[0],
    ),
    orNote(notRead, 'the jobs queue', async () => cloud.queue(names.get('jobsQueueUrl')).depth()),
    ofCopying('the queue of uploads', async () => cloud.queue(names.get('uploadsQueueUrl')).depth()),
  ]);
  const findings: Findings = {
    key,
    uploadingBucket,
    processingBucket: bucket,
    upload: upload?.deleteMarker === true ? undefined : upload,
    copy: copies.find(({ current, deleteMarker }) => current && !deleteMarker),
    versions: mergeVersions(copies, known),
    deadLetters: [],
    jobs,
    uploads,
  };
  const wanted = maxDeadLetters > 0 && !isSettled(statusOf(findings));
  const letters = wanted
    ? await orNote(notRead, 'the dead letters', () => lettersOf(cloud, key, maxDeadLetters, notRead))
    : undefined;
  const complete = { ...findings, deadLetters: letters ?? [] };
  return { ...complete, status: statusOf(complete), notRead };
}

/** Whether dead letters are irrelevant: the object has a successful outcome. */
function isSettled({ state }: ObjectStatus): boolean {
  return /^(counted|empty|gone|skipped:.*)$/.test(state);
}

async function lettersOf(
  cloud: Cloud,
  key: string,
  limit: number,
  notRead: string[],
): Promise<Findings['deadLetters']> {
  const places = deadLetterPlaces(cloud.names);
  const { letters, unread } = await listDeadLetters(cloud, places, { limit, keyPrefix: key });
  if (unread > 0)
    notRead.push(
      `${formatNumberOf(unread, 'dead letter')}: held by another reader, or beyond --dead-letters`,
    );
  return letters.map(({ view }) => view).filter((view) => view.key === key);
}

/**
 * Runs what is not essential: what was not named, is not there or not allowed is noted instead of ending
 * everything.
 */
async function orNote<T>(notRead: string[], what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const { name, code, message } = error as Error & { readonly code?: unknown };
    if (name !== 'CliError' && code !== 'not-found' && code !== 'access-denied') throw error;
    notRead.push(`${what}: ${message}`);
    return undefined;
  }
}

/** Merges what the bucket and the table know, by version id or else by ETag. */
function mergeVersions(
  stored: readonly TracedVersion[],
  known: readonly VersionSummary[],
): readonly VersionStatus[] {
  const left = new Set(known);
  const present = stored
    .filter(({ deleteMarker }) => !deleteMarker)
    .flatMap((version): VersionStatus[] => {
      const { versionId, eTag, sizeBytes, lastModified, current } = version;
      const place = { stored: true, current, sizeBytes, lastModified };
      const found = known.filter((summary) => isSame(summary, version));
      for (const summary of found) left.delete(summary);
      if (found.length > 0) return found.map((summary) => ({ ...summary, ...place }));
      return [
        {
          version: versionId ?? eTag ?? '',
          ...(versionId === undefined ? {} : { versionId }),
          ...(eTag === undefined ? {} : { eTag }),
          ...place,
        },
      ];
    });
  return [...present, ...[...left].map((summary) => ({ ...summary, stored: false, current: false }))];
}

function isSame(summary: VersionSummary, { versionId, eTag }: TracedVersion): boolean {
  if (versionId !== undefined) return summary.version === versionId;
  return summary.versionId === undefined && summary.version === eTag;
}

/** What of a store is looked at. */
type VersionSources = Pick<ObjectReader, 'head'> & ObjectLister & ObjectVersionLister;

/** At most this many versions of one key are listed. */
const MAX_VERSIONS = 1000;

/**
 * Returns the stored versions of one key, at most the last thousand, the current one first. If versions may not
 * be listed, or the store keeps none, it is the current one alone.
 *
 * @throws `not-found` if there is no such bucket
 */
export async function storedVersions(
  objects: VersionSources,
  place: ObjectLocation,
  call: CallOptions = {},
): Promise<readonly TracedVersion[]> {
  const [listing, asking] = await Promise.allSettled([
    versionsOf(objects, place, call),
    currentVersion(objects, place, call),
  ]);
  // S3 gives no reason when it refuses to describe an object, but does when it refuses to list.
  if (asking.status === 'rejected') throw listing.status === 'rejected' ? listing.reason : asking.reason;
  const current = asking.value;
  if (listing.status === 'rejected') {
    if (!isRefusal(listing.reason)) throw listing.reason;
    if (current === undefined) await requireBucket(objects, place, call);
  }
  const listed = listing.status === 'fulfilled' ? listing.value : [];
  return current === undefined ? listed : [current, ...listed.filter((version) => !version.current)];
}

async function versionsOf(
  objects: ObjectVersionLister,
  { bucket, key }: ObjectLocation,
  call: CallOptions,
): Promise<readonly StoredVersion[]> {
  const found: StoredVersion[] = [];
  for await (const version of objects.listVersions(bucket, { ...call, prefix: key })) {
    // A key comes before all longer ones that start with it.
    if (version.key !== key || found.length === MAX_VERSIONS) break;
    found.push(version);
  }
  return found;
}

async function currentVersion(
  objects: Pick<ObjectReader, 'head'>,
  place: ObjectLocation,
  call: CallOptions,
): Promise<TracedVersion | undefined> {
  try {
    const { versionId, eTag, sizeBytes, lastModified, metadata } = await objects.head(place, call);
    const source = copySource(metadata);
    return {
      ...place,
      ...(versionId === undefined ? {} : { versionId }),
      eTag,
      sizeBytes,
      lastModified,
      current: true,
      deleteMarker: false,
      ...(source === undefined ? {} : { source }),
    };
  } catch (error) {
    if (isCoded(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Listing versions is a permission of its own, and not every S3-compatible store can. */
function isRefusal(error: unknown): boolean {
  return isCoded(error) && (error.code === 'access-denied' || error.code === 'invalid');
}

/**
 * A missing key is a result, a missing bucket is an error, and only a request about the bucket tells them apart.
 */
async function requireBucket(
  objects: ObjectLister,
  { bucket, key }: ObjectLocation,
  call: CallOptions,
): Promise<void> {
  try {
    await objects
      .list(bucket, { ...call, prefix: key })
      [Symbol.asyncIterator]()
      .next();
  } catch (error) {
    if (!isRefusal(error)) throw error;
  }
}
