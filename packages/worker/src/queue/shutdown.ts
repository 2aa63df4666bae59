import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import type { Logger } from 'pino';
import type { DigestScheduler } from '../notifications/digest-scheduler.ts';
import type { JobMetrics } from '../observation/metrics.ts';
import type { Worker } from './create-worker.ts';

/** A worker that has started, and where it reports. */
interface ReportingWorker {
  readonly worker: Worker;
  readonly metrics: Pick<JobMetrics, 'report'>;
  readonly logger: Pick<Logger, 'info'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly stopTimeoutSeconds: number;
  /** Default: no digests. */
  readonly digests?: DigestScheduler | undefined;
}

/**
 * Of the stop timeout, what is kept for returning messages to the queue after their jobs were interrupted.
 */
const RELEASE_SECONDS = 3;
const METRICS_INTERVAL_MS = 60_000;

/** Every minute reports, and sends the digest when it is due, until the signal fires. */
export async function reportUntilStopped(
  { worker, metrics, clock, digests }: ReportingWorker,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(METRICS_INTERVAL_MS, signal);
    metrics.report({ inFlight: worker.inFlight });
    if (!signal.aborted) await digests?.whenDue();
  }
}

/** Stops the worker within its stop timeout. Returns how many messages had not ended by then. */
export async function shutDown(running: ReportingWorker): Promise<{ readonly abandoned: number }> {
  const { worker, metrics, logger, stopTimeoutSeconds, digests } = running;
  logger.info({ inFlight: worker.inFlight }, 'worker stopping');
  const graceMs = Math.max(0, stopTimeoutSeconds - RELEASE_SECONDS) * 1000;
  const { abandoned } = await worker.stop({ graceMs, giveUpMs: (RELEASE_SECONDS - 1) * 1000 });
  metrics.report({ inFlight: worker.inFlight });
  if (abandoned === 0) await digests?.whenStopping();
  return { abandoned };
}
