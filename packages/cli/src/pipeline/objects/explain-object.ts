import type { VersionSummary } from '@org/wordfreq-aws-adapters/ports';
import { formatNumberOf } from '../../terminal/format.ts';
import type { Cloud } from '../cloud.ts';
import { deadLetterPlaces, listDeadLetters } from '../dead-letters/dead-letters.ts';
import { type Findings, type ObjectStatus, statusOf, type VersionStatus } from './object-status.ts';
import { storedVersions, type TracedVersion } from './stored-versions.ts';

/** What happened to one key. */
export interface Explanation extends Findings {
  readonly status: ObjectStatus;
  /** What could not be read, each with the reason. */
  readonly notRead: readonly string[];
}

/** How to look. */
export interface ExplainOptions {
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
  const [copies, known, upload, jobs, uploads] = await Promise.all([
    storedVersions(cloud.objects, { bucket, key }),
    cloud.results.versions(bucket, key),
    orNote(notRead, 'uploads', async () =>
      uploadingBucket === bucket
        ? undefined
        : (await storedVersions(cloud.objects, { bucket: names.get('uploadingBucket'), key }))[0],
    ),
    orNote(notRead, 'the jobs queue', async () => cloud.queue(names.get('jobsQueueUrl')).depth()),
    orNote(notRead, 'the queue of uploads', async () => cloud.queue(names.get('uploadsQueueUrl')).depth()),
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
