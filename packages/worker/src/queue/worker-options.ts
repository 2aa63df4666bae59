import type { Clock, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';

/** Enough that requests to the queues are shared; each open object takes about 2 MB. */
export const DEFAULT_CONCURRENCY = 32;

/** A worker for any messages of any queue. */
export interface WorkerOptions {
  /** The queue to consume. */
  readonly queue: Pick<JobQueue, 'receive' | 'extend' | 'release'>;
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /**
   * Does one message's work, and ends the message (delete, release or quarantine). When the signal fires, it
   * must give up soon, without committing. It may call `onWorked` when only writes of its result are left:
   * the next message then takes its place, while its own lease is kept until it returns. What it throws is
   * reported to `onError`, and the message comes back by itself.
   */
  readonly process: (message: QueueMessage, signal: AbortSignal, onWorked: () => void) => Promise<void>;
  /** Called with what `process` threw and its message, and with the error of each receive that failed. */
  readonly onError: (error: unknown, message?: QueueMessage) => void;
  /**
   * How many messages are worked on at once. As many again may be writing their results. Default: 32, so that
   * work goes on while requests are under way, and writes to a queue share requests.
   */
  readonly concurrency?: number;
  /**
   * How many messages may be received before there is room for them, so that no job waits for a receive.
   * Their leases are extended, too. Only as many as are done in about a second: none while jobs are long.
   * Default: 10.
   */
  readonly prefetch?: number;
  /** How long a lease lasts without an extension. Default: 60. */
  readonly visibilitySeconds?: number;
  /** How many more messages may be taken on now. Default: as many as there is room for. */
  readonly allowance?: (free: number, inFlight: number) => number;
  /** Called when the first message is taken on, and when the last has ended. */
  readonly onBusyChange?: (busy: boolean) => void;
  /**
   * Called for each message whose turn never came: `interrupted` when it was given back, because the worker
   * stops or the jobs at hand take too long; `lost-lease` when it could not be kept.
   */
  readonly onReturned?: (message: QueueMessage, outcome: 'interrupted' | 'lost-lease') => void;
}
