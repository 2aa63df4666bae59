import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { WAIT_IS_OVER } from '@org/wordfreq-aws-adapters/rules';
import { keepLease, type Lease } from './lease.ts';
import { PrefetchEstimator } from './prefetch-estimator.ts';
import { DEFAULT_CONCURRENCY, type WorkerOptions } from './worker-options.ts';

/** A message that waits for its turn. */
interface Waiting {
  readonly message: QueueMessage;
  readonly lease: Lease;
  /** Ends the wait: its turn has come, or it goes back. */
  readonly wait: AbortController;
}

/** What to ask the queue for. */
export interface ReceiveRequest {
  readonly messages: number;
  /** How long to wait for a first one. */
  readonly waitSeconds: number;
  /** No message fits. Otherwise, without `messages`, none may be received yet. */
  readonly full: boolean;
}

const NONE: Omit<ReceiveRequest, 'full'> = { messages: 0, waitSeconds: 0 };

/** SQS waits at most 20 seconds for a first message. */
const WAIT_SECONDS = 20;
/** Shorter while all turns are taken, so that what waits meanwhile is looked at again. */
const PREFETCH_WAIT_SECONDS = 1;
/** A message that waits longer is returned to the queue: another worker may have room for it. */
const MAX_WAIT_MS = 10_000;

/**
 * The messages that a worker has received: those it works on, and a few that wait for their turn. It keeps
 * the lease of each.
 */
export class MessageBuffer {
  readonly #options: WorkerOptions;
  readonly #leases = new Set<Lease>();
  readonly #waiting = new Set<Waiting>();
  readonly #estimator = new PrefetchEstimator();
  readonly #listeners: (() => void)[] = [];
  #working = 0;
  /** How many messages have left their place but have not ended. */
  #writing = 0;
  #closed = false;
  #interrupted = false;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** How many messages it holds. */
  get size(): number {
    return this.#leases.size;
  }

  /**
   * How many places are free. Messages whose results are being written have left theirs, but no more of them than
   * there are places: a worker must not take on more and more while the writes are slow.
   */
  get #free(): number {
    const { concurrency = DEFAULT_CONCURRENCY } = this.#options;
    return concurrency - this.#working - Math.max(0, this.#writing - concurrency);
  }

  /** How many messages no longer wait for their turn. */
  get #started(): number {
    return this.#working + this.#writing;
  }

  /** What to receive now. */
  get nextReceive(): ReceiveRequest {
    const { concurrency = DEFAULT_CONCURRENCY, prefetch = 10, allowance } = this.#options;
    const ahead = this.#estimator.ahead(concurrency, prefetch);
    const room = this.#free + ahead - this.#waiting.size;
    // In batches rather than one by one: a receive costs the same for ten.
    if (room <= 0 || this.#waiting.size > ahead / 2) return { ...NONE, full: this.#free <= 0 };
    const messages = Math.min(room, allowance?.(room, this.#started) ?? room);
    return { messages, waitSeconds: this.#free > 0 ? WAIT_SECONDS : PREFETCH_WAIT_SECONDS, full: false };
  }

  add(message: QueueMessage): void {
    const { queue, clock, visibilitySeconds = 60, onBusyChange } = this.#options;
    const lease = keepLease(message, { queue, clock, visibilitySeconds });
    if (this.#interrupted) lease.interrupt();
    this.#leases.add(lease);
    if (this.size === 1) onBusyChange?.(true);
    const waiting = { message, lease, wait: new AbortController() };
    this.#waiting.add(waiting);
    this.startWaiting();
    if (!this.#waiting.has(waiting)) return;
    if (this.#closed) void this.#giveBack(waiting);
    else void this.#waitForTurn(waiting);
  }

  /** Starts work on waiting messages, as far as there is room and it is allowed. */
  startWaiting(): void {
    for (const waiting of this.#waiting) {
      const allowed = this.#options.allowance?.(this.#free, this.#started) ?? this.#free;
      if (this.#free <= 0 || allowed <= 0) return;
      this.#waiting.delete(waiting);
      waiting.wait.abort(WAIT_IS_OVER);
      if (waiting.lease.signal.aborted && !this.#interrupted) this.#drop(waiting);
      else void this.#work(waiting);
    }
  }

  async #waitForTurn(waiting: Waiting): Promise<void> {
    const { clock } = this.#options;
    await clock.sleep(MAX_WAIT_MS / 2, waiting.wait.signal);
    // By the time it is returned, no receive may be open, or the message would only come here again.
    if (this.#waiting.has(waiting)) this.#estimator.forget();
    await clock.sleep(MAX_WAIT_MS / 2, waiting.wait.signal);
    if (this.#waiting.has(waiting)) await this.#giveBack(waiting);
  }

  /** Its lease was lost while it waited, so another worker has it. */
  #drop({ message, lease }: Waiting): void {
    this.#options.onReturned?.(message, 'lost-lease');
    this.#end(lease);
  }

  async #work({ message, lease }: Waiting): Promise<void> {
    const { process, onError, clock } = this.#options;
    const started = clock.monotonicMs();
    let isWorking = true;
    const leavePlace = (): void => {
      if (!isWorking) return;
      isWorking = false;
      this.#working -= 1;
      this.#writing += 1;
      this.#estimator.record(clock.monotonicMs() - started);
      this.#placeFreed();
    };
    this.#working += 1;
    try {
      await process(message, lease.signal, leavePlace);
    } catch (error) {
      onError(error, message);
    } finally {
      leavePlace();
      this.#writing -= 1;
      this.#end(lease);
      this.#placeFreed();
    }
  }

  #placeFreed(): void {
    if (!this.#closed) this.startWaiting();
    for (const wake of this.#listeners.splice(0)) wake();
  }

  async #giveBack(waiting: Waiting): Promise<void> {
    const { queue, onError, onReturned } = this.#options;
    const { message, lease, wait } = waiting;
    this.#waiting.delete(waiting);
    wait.abort(WAIT_IS_OVER);
    try {
      await queue.release(message, 0);
    } catch (error) {
      onError(error, message);
    }
    onReturned?.(message, 'interrupted');
    this.#end(lease);
  }

  #end(lease: Lease): void {
    lease.end();
    this.#leases.delete(lease);
    if (this.size === 0) this.#options.onBusyChange?.(false);
    for (const wake of this.#listeners.splice(0)) wake();
  }

  /**
   * Resolves when one more message has ended or left its place. Not `Promise.race`: each race would leave its
   * callbacks on a slow message's promise.
   */
  placeFreed(): Promise<void> {
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  async emptied(): Promise<void> {
    while (this.size > 0) await this.placeFreed();
  }

  /** Returns waiting messages to the queue. Work goes on. */
  close(): void {
    this.#closed = true;
    for (const waiting of this.#waiting) void this.#giveBack(waiting);
  }

  /** Interrupts all work. */
  interrupt(): void {
    this.#interrupted = true;
    for (const lease of this.#leases) lease.interrupt();
  }
}
