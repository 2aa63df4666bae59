import { setTimeout as delay } from 'node:timers/promises';
import type { ObjectInfo, ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';

/** Which results to wait for, and how. */
export interface WaitForResultsOptions {
  readonly results: Pick<ResultStore, 'history'>;
  /** The bucket that the workers read. */
  readonly bucket: string;
  /** What was uploaded; the copies carry the same keys and ETags. */
  readonly uploads: readonly ObjectInfo[];
  /** Called once for each upload, in the order in which they finish. */
  readonly onResult: (result: StoredResult) => void;
  /** Ends the wait early. */
  readonly signal: AbortSignal;
  /** How long to go on without any new result. Default: 120,000. */
  readonly patienceMs?: number;
}

/**
 * Waits until each upload has its outcome, and answers the keys that have none when patience ends.
 * It reads the result store and leaves the results queue to whoever listens there.
 */
export async function waitForResults(options: WaitForResultsOptions): Promise<readonly string[]> {
  const { results, bucket, onResult, signal, patienceMs = 120_000 } = options;
  const pending = new Map(options.uploads.map((upload) => [upload.key, upload]));
  let lastProgress = performance.now();
  while (pending.size > 0 && !signal.aborted && performance.now() - lastProgress < patienceMs) {
    for (const [key, upload] of pending) {
      const history = await results.history(bucket, key);
      const result = history.find((candidate) => candidate.object.eTag === upload.eTag);
      // Published means that the message and the notification are out, too.
      if (result?.publishedAt === undefined) continue;
      pending.delete(key);
      lastProgress = performance.now();
      onResult(result);
    }
    if (pending.size > 0) await delay(100, undefined, { signal }).catch(() => undefined);
  }
  return [...pending.keys()];
}
