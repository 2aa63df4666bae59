import { type Appetite, InHand } from './message-buffer.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A running worker. */
export interface Worker {
  /** How many messages are in hand: worked on, or about to be. */
  readonly inFlight: number;
  /** How many receives in a row have failed; 0 when the queue can be reached. */
  readonly failedReceives: number;
  /**
   * Stops receiving, gives back what waits for its turn, and lets the rest finish; after `graceMs` tells the rest to give up. Resolves when nothing is in hand, or
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

/** SQS hands out at most ten messages at once. */
const MAX_BATCH = 10;
/** While nothing may be taken on, and after a first failed receive; doubles with each further one. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

/**
 * Starts a worker: it receives as soon as there is room for one more message, and a little before, so that no slow message holds up
 * others and no turn waits for a receive. It keeps the lease of each message that it has.
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
  const state = { failedReceives: 0 };
  const polling = poll(options, inHand, state, stopping.signal);
  return {
    get inFlight() {
      return inHand.size;
    },
    get failedReceives() {
      return state.failedReceives;
    },
    async stop({ graceMs, giveUpMs = 3000 }) {
      stopping.abort();
      inHand.close();
      const done = new AbortController();
      void polling.then(() => inHand.emptied()).then(() => done.abort());
      await clock.sleep(graceMs, done.signal);
      inHand.interrupt();
      await clock.sleep(giveUpMs, done.signal);
      return { abandoned: inHand.size };
    },
  };
}

/** What is known of the queue. */
interface PollState {
  failedReceives: number;
}

async function poll(
  options: WorkerOptions,
  inHand: InHand,
  state: PollState,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    inHand.startWaiting();
    const appetite = inHand.appetite;
    if (appetite.messages > 0) await receive(options, appetite, inHand, state, stopping);
    else if (appetite.full) await inHand.oneEnded();
    else await options.clock.sleep(PAUSE_MS, stopping);
  }
}

async function receive(
  { queue, clock, onError, visibilitySeconds = 60 }: WorkerOptions,
  { messages, waitSeconds }: Appetite,
  inHand: InHand,
  state: PollState,
  signal: AbortSignal,
): Promise<void> {
  try {
    const maxMessages = Math.min(MAX_BATCH, messages);
    const asked = { maxMessages, waitSeconds, visibilitySeconds, signal };
    for (const message of await queue.receive(asked)) inHand.takeOn(message);
    state.failedReceives = 0;
  } catch (error) {
    if (signal.aborted) return;
    onError(error);
    await clock.sleep(Math.min(MAX_PAUSE_MS, PAUSE_MS * 2 ** state.failedReceives), signal);
    state.failedReceives += 1;
  }
}
