import { retryDelay } from '@org/wordfreq-aws-adapters/rules';
import { MessageBuffer, type ReceiveRequest } from './message-buffer.ts';
import type { WorkerOptions } from './worker-options.ts';

/** A running worker. */
export interface Worker {
  /** How many received messages have not ended: those worked on, and those that wait for their turn. */
  readonly inFlight: number;
  /** How many receives in a row have failed; 0 when the queue can be reached. */
  readonly failedReceives: number;
  /**
   * Stops receiving, returns waiting messages to the queue, and lets the rest finish; interrupts it after
   * `graceMs`. Resolves when every message has ended, or at the latest `giveUpMs` after that: what is
   * abandoned then is delivered again. Safe to call again.
   */
  stop(options: StopOptions): Promise<{ readonly abandoned: number }>;
}

/** How to stop. */
export interface StopOptions {
  /** How long running work may take to end before it is given up. */
  readonly graceMs: number;
  /** Default: 3,000. */
  readonly giveUpMs?: number;
}

/** SQS delivers at most ten messages at once. */
const MAX_BATCH = 10;
/** While nothing may be received, and after a first failed receive; doubles with each further one. */
const PAUSE_MS = 1000;
const MAX_PAUSE_MS = 30_000;

/**
 * Starts a worker: it receives as soon as there is room for one more message, and a little before, so that no
 * slow message delays others and no work waits for a receive. It keeps the lease of each message that it
 * holds.
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
  const buffer = new MessageBuffer(options);
  const state = { failedReceives: 0 };
  const polling = poll(options, buffer, state, stopping.signal);
  return {
    get inFlight() {
      return buffer.size;
    },
    get failedReceives() {
      return state.failedReceives;
    },
    async stop({ graceMs, giveUpMs = 3000 }) {
      stopping.abort();
      buffer.close();
      const done = new AbortController();
      void polling.then(() => buffer.emptied()).then(() => done.abort());
      await clock.sleep(graceMs, done.signal);
      buffer.interrupt();
      await clock.sleep(giveUpMs, done.signal);
      return { abandoned: buffer.size };
    },
  };
}

/** What is known of the queue. */
interface PollState {
  failedReceives: number;
}

async function poll(
  options: WorkerOptions,
  buffer: MessageBuffer,
  state: PollState,
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    buffer.startWaiting();
    const request = buffer.nextReceive;
    if (request.messages > 0) await receive(options, request, buffer, state, stopping);
    else if (request.full) await buffer.placeFreed();
    else await options.clock.sleep(PAUSE_MS, stopping);
  }
}

async function receive(
  { queue, clock, onError, visibilitySeconds = 60 }: WorkerOptions,
  { messages, waitSeconds }: ReceiveRequest,
  buffer: MessageBuffer,
  state: PollState,
  signal: AbortSignal,
): Promise<void> {
  try {
    const maxMessages = Math.min(MAX_BATCH, messages);
    const asked = { maxMessages, waitSeconds, visibilitySeconds, signal };
    for (const message of await queue.receive(asked)) buffer.add(message);
    state.failedReceives = 0;
  } catch (error) {
    if (signal.aborted) return;
    onError(error);
    state.failedReceives += 1;
    await clock.sleep(retryDelay(state.failedReceives, PAUSE_MS, MAX_PAUSE_MS), signal);
  }
}
