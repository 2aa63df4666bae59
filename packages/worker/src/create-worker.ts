import type { Clock, JobQueue, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { keepLease, type Lease } from './lease.ts';

/** A worker for any messages of any queue. */
export interface WorkerOptions {
  readonly queue: Pick<JobQueue, 'receive' | 'extend'>;
  readonly clock: Clock;
  /**
   * Does one message's work, and ends the message (delete, release or quarantine). When the signal fires, it must give up soon, without
   * committing. What it throws is reported to `onError`, and the message comes back by itself.
   */
  readonly process: (message: QueueMessage, signal: AbortSignal) => Promise<void>;
  /** Told of what `process` threw, with its message, and of each receive that failed, without one. */
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
  /** How many receives in a row have failed; 0 when the queue can be reached. */
  readonly failedReceives: number;
  /**
   * Stops receiving and lets what is in hand finish; after `graceMs` tells the rest to give up. Resolves when nothing is in hand, or
   * at the latest `giveUpMs` after that: what is abandoned then comes back by itself. Safe to call again.
   */
  stop(options: StopOptions): Promise<{ readonly abandoned: number }>;
}

/** How to stop. */
export interface StopOptions {
  readonly graceMs: number;
  /** Default: 3,000. */
  readonly giveUpMs?: number;
}

/** SQS hands out at most ten messages at once, and waits at most 20 seconds for one. */
const MAX_BATCH = 10;
const WAIT_SECONDS = 20;
/** While nothing may be taken on, and after a first failed receive; doubles with each further one. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

/**
 * Starts a worker: it receives as soon as there is room for one more message, so that no slow message holds up others, and keeps
 * the lease of each message that it has.
 *
 * @example
 * const worker = createWorker({ queue, clock, onError, process: async (message) => {
 *   await resizeImage(JSON.parse(message.body));
 *   await queue.delete(message);
 * } });
 * process.once('SIGTERM', () => worker.stop({ graceMs: 90_000 }));
 */
export function createWorker(options: WorkerOptions): Worker {
  const { clock } = options;
  const stopping = new AbortController();
  const inHand = new InHand(options);
  const polling = poll(options, inHand, stopping.signal);
  return {
    get inFlight() {
      return inHand.size;
    },
    get failedReceives() {
      return inHand.failedReceives;
    },
    async stop({ graceMs, giveUpMs = 3000 }) {
      stopping.abort();
      const done = new AbortController();
      void polling.then(() => inHand.emptied()).then(() => done.abort());
      await clock.sleep(graceMs, done.signal);
      inHand.interrupt();
      await clock.sleep(giveUpMs, done.signal);
      return { abandoned: inHand.size };
    },
  };
}

/** The messages that are being worked on. */
class InHand {
  failedReceives = 0;
  readonly #options: WorkerOptions;
  readonly #leases = new Set<Lease>();
  #interrupted = false;
  readonly #waiting: (() => void)[] = [];

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#leases.size;
  }

  takeOn(message: QueueMessage): void {
    const { queue, clock, visibilitySeconds = 60 } = this.#options;
    const lease = keepLease(message, { queue, clock, visibilitySeconds });
    if (this.#interrupted) lease.interrupt();
    this.#leases.add(lease);
    if (this.size === 1) this.#options.onBusyChange?.(true);
    void this.#work(message, lease);
  }

  async #work(message: QueueMessage, lease: Lease): Promise<void> {
    const { process, onError, onBusyChange } = this.#options;
    try {
      await process(message, lease.signal);
    } catch (error) {
      onError(error, message);
    } finally {
      lease.end();
      this.#leases.delete(lease);
      if (this.size === 0) onBusyChange?.(false);
      for (const wake of this.#waiting.splice(0)) wake();
    }
  }

  /** Resolves when one more message has ended. Not a race of their promises: a slow one would collect the races it lost. */
  oneEnded(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async emptied(): Promise<void> {
    while (this.size > 0) await this.oneEnded();
  }

  interrupt(): void {
    this.#interrupted = true;
    for (const lease of this.#leases) lease.interrupt();
  }
}

async function poll(options: WorkerOptions, inHand: InHand, stopping: AbortSignal): Promise<void> {
  const { clock, concurrency = 4 } = options;
  while (!stopping.aborted) {
    const free = concurrency - inHand.size;
    const room = options.allowance?.(free, inHand.size) ?? free;
    if (room > 0) await receive(options, room, inHand, stopping);
    else if (free > 0) await clock.sleep(PAUSE_MS, stopping);
    else await inHand.oneEnded();
  }
}

async function receive(
  { queue, clock, onError, visibilitySeconds = 60 }: WorkerOptions,
  room: number,
  inHand: InHand,
  signal: AbortSignal,
): Promise<void> {
  try {
    const maxMessages = Math.min(MAX_BATCH, room);
    const asked = { maxMessages, waitSeconds: WAIT_SECONDS, visibilitySeconds, signal };
    for (const message of await queue.receive(asked)) inHand.takeOn(message);
    inHand.failedReceives = 0;
  } catch (error) {
    if (signal.aborted) return;
    onError(error);
    await clock.sleep(Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** inHand.failedReceives), signal);
    inHand.failedReceives += 1;
  }
}
