import { isCoded } from '@org/wordfreq-aws-adapters/errors';
import type {
  Clock,
  ObjectReader,
  ObjectVersion,
  ResultStore,
  VersionSummary,
} from '@org/wordfreq-aws-adapters/ports';
import { copySource } from '@org/wordfreq-aws-adapters/rules';
import pMap from 'p-map';

/** Something that was uploaded and is to be counted. */
export interface AwaitedUpload extends ObjectVersion {
  readonly eTag: string;
  /** When its upload began. */
  readonly startedAt: Date;
}

/** An outcome that has come. */
export interface CameOut {
  readonly upload: AwaitedUpload;
  readonly version: VersionSummary;
}

/** What to wait for, and how. */
interface WaitForOutcomesOptions {
  readonly results: Pick<ResultStore, 'versions'>;
  readonly objects: Pick<ObjectReader, 'head'>;
  /** The bucket that the workers read. */
  readonly processingBucket: string;
  readonly uploads: readonly AwaitedUpload[];
  /** How long to wait at most, altogether. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Called with each outcome as it comes. */
  readonly onOutcome: (came: CameOut) => void;
}

/**
 * The first look comes soon, later ones ever later: small files take a second, large ones minutes. An outcome
 * that is not there yet is no failure, so the pauses grow more slowly than those between retries.
 */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2000;
/** Looks at once. */
const CONCURRENCY = 16;

/**
 * Waits until each upload has its outcome, and returns those that have none when time is up. It reads the
 * table and the bucket, never the results queue: whoever receives from it gets every message.
 *
 * The copy Lambda notes on a copy what it is of, so the copy's version is known, and with it the job. An
 * outcome of an earlier, equal upload is this one's, too: the same version of the same key is one job.
 */
export async function waitForOutcomes(options: WaitForOutcomesOptions): Promise<readonly AwaitedUpload[]> {
  const { uploads, timeoutMs, clock, signal, onOutcome } = options;
  const deadline = clock.monotonicMs() + timeoutMs;
  let pending = [...uploads];
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 1.3)) {
    const found = await pMap(
      pending,
      async (upload) => ({ upload, version: await unlessItFails(outcomeOf(upload, options)) }),
      {
        concurrency: CONCURRENCY,
      },
    );
    pending = [];
    for (const { upload, version } of found) {
      if (version === undefined) pending.push(upload);
      else onOutcome({ upload, version });
    }
    const leftMs = deadline - clock.monotonicMs();
    if (pending.length === 0 || leftMs <= 0 || signal.aborted) return pending;
    await clock.sleep(Math.min(pauseMs, leftMs), signal);
    if (signal.aborted) return pending;
  }
}

/** A transient error must not end a long wait: the next look may succeed. */
async function unlessItFails(look: Promise<VersionSummary | undefined>): Promise<VersionSummary | undefined> {
  try {
    return await look;
  } catch (error) {
    if (isCoded(error) && error.retryable) return undefined;
    throw error;
  }
}

async function outcomeOf(
  upload: AwaitedUpload,
  options: WaitForOutcomesOptions,
): Promise<VersionSummary | undefined> {
  const { results, processingBucket } = options;
  const versions = await results.versions(processingBucket, upload.key);
  const known = versions.filter(({ outcome }) => outcome !== undefined);
  // Without any outcome there is no need to know the copy.
  if (known.length === 0) return undefined;
  // Counted and overwritten since: the copy that is there now is somebody else's.
  const since = known.find(
    ({ eTag, finishedAt = 0 }) => eTag === upload.eTag && finishedAt >= upload.startedAt,
  );
  if (since !== undefined) return since;
  const copied = await copiedVersion(upload, options);
  return copied === undefined ? undefined : known.find(({ version }) => version === copied);
}

/** The version of the copy in the bucket that the workers read, as the table names it. */
async function copiedVersion(
  upload: AwaitedUpload,
  { objects, processingBucket }: WaitForOutcomesOptions,
): Promise<string | undefined> {
  if (upload.bucket === processingBucket) return upload.versionId ?? upload.eTag;
  try {
    const copy = await objects.head({ bucket: processingBucket, key: upload.key });
    const source = copySource(copy.metadata);
    const isOurs =
      source?.bucket === upload.bucket &&
      (upload.versionId === undefined ? source.eTag === upload.eTag : source.versionId === upload.versionId);
    return isOurs ? (copy.versionId ?? copy.eTag) : undefined;
  } catch (error) {
    if (isCoded(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}
