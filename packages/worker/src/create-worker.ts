import type { Clock, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { keepLease } from './lease.ts';

/** A worker for any messages of any queue. */
export interface WorkerOptions {
  readonly queue: JobQueue;
  readonly clock: Clock;
  /**
   * Does one message's work, and ends the message (delete, release or quarantine). When the signal fires, it must give up soon, without
   * committing. What it throws is reported to `onError`, and the message comes back by itself.
   */
  readonly process: (message: QueueMessage, signal: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown, message?: QueueMessage) => void;
  /** How many messages are worked on at once. Default: 4. */
  readonly concurrency?: number;
  /** How long a message stays ours without an extension. Default: 60. */
  readonly visibilitySeconds?: number;
  /** How many more messages may be taken on now. Default: as many as there is room for. */
  readonly allowance?: (free: number, inFlight: number) => number;
  /** Told when the first message is taken on, and when the last has ended. */
  readonly onBusyChange?: (busy: boolean) => void;
}

/** A running worker. */
export interface Worker {
  readonly inFlight: number;
  /**
   * Stops receiving, lets what is in hand finish, and tells what has not finished after `graceMs` to give up. Resolves when nothing
   * is in hand. Safe to call again.
   */
  stop(options: { readonly graceMs: number }): Promise<void>;
}

/** SQS hands out at most ten messages at once, and waits at most 20 seconds for one. */
const MAX_BATCH = 10;
const WAIT_SECONDS = 20;
/** After a failed receive, and while nothing may be taken on. */
const PAUSE_MS = 1000;

/**
 * Starts a worker: it receives as soon as there is room for one more message, so that no slow message holds up others, and keeps
 * the lease of each message it has.
 *
 * @example
 * const worker = createWorker({ queue, clock, onError, process: async (message) => {
 *   await resizeImage(JSON.parse(message.body));
 *   await queue.delete(message);
 * } });
 * process.once('SIGTERM', () => worker.stop({ graceMs: 90_000 }));
 */
export function createWorker(options: WorkerOptions): Worker {
  const { queue, clock, concurrency = 4, visibilitySeconds = 60 } = options;
  const stopping = new AbortController();
  const giveUp = new AbortController();
  const inFlight = new Set<Promise<void>>();

  async function work(message: QueueMessage): Promise<void> {
    const lease = keepLease(message, { queue, clock, visibilitySeconds });
    try {
      await options.process(message, AbortSignal.any([lease.signal, giveUp.signal]));
    } catch (error) {
      options.onError(error, message);
    } finally {
      lease.end();
    }
  }

  function takeOn(message: QueueMessage): void {
    if (inFlight.size === 0) options.onBusyChange?.(true);
    const job = work(message).finally(() => {
      inFlight.delete(job);
      if (inFlight.size === 0) options.onBusyChange?.(false);
    });
    inFlight.add(job);
  }

  async function receive(room: number): Promise<void> {
    try {
      const messages = await queue.receive({
        maxMessages: Math.min(MAX_BATCH, room),
        waitSeconds: WAIT_SECONDS,
        visibilitySeconds,
        signal: stopping.signal,
      });
      for (const message of messages) takeOn(message);
    } catch (error) {
      if (stopping.signal.aborted) return;
      options.onError(error);
      await clock.sleep(PAUSE_MS, stopping.signal);
    }
  }

  async function poll(): Promise<void> {
    while (!stopping.signal.aborted) {
      const free = concurrency - inFlight.size;
      const room = options.allowance?.(free, inFlight.size) ?? free;
      if (room > 0) await receive(room);
      else if (free > 0) await clock.sleep(PAUSE_MS, stopping.signal);
      else await Promise.race(inFlight);
    }
  }

  const polling = poll();
  return {
    get inFlight() {
      return inFlight.size;
    },
    async stop({ graceMs }) {
      stopping.abort();
      const done = polling.then(() => Promise.all(inFlight));
      const finished = new AbortController();
      void clock.sleep(graceMs, finished.signal).then(() => giveUp.abort(new Error('the worker stops')));
      await done;
      finished.abort();
    },
  };
}
