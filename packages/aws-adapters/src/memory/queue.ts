import { AdapterError } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { Clock, QueueDepth, QueueMessage, Random, ReceiveOptions } from '../ports/index.ts';
import { receiveProblem, visibilityProblem } from '../rules/queue-message.ts';

/** Options of a message that is sent. */
export interface MemorySendOptions {
  /** The message attributes. Default: none. */
  readonly attributes?: ReadonlyMap<string, string>;
  /** How long nobody can receive it. Default: 0. */
  readonly delaySeconds?: number;
}

/** A queue that behaves like SQS: visibility timeouts, at-least-once delivery, no promised order. */
export interface MemoryQueue {
  /** Puts a message on the queue and returns its id. */
  send(body: string, options?: MemorySendOptions): string;
  /** Receives messages, as `receive` of a job queue does. */
  receive(options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  /**
   * Makes the lease of a received message end in `seconds` from now; 0 returns it to the queue.
   *
   * @throws `lease-lost` when the receipt is not the message's last one, or its lease has ended
   */
  changeVisibility(receipt: string, seconds: number): void;
  /** Deletes by receipt. A receipt that is no longer the last one "succeeds" without deleting, as on SQS. */
  delete(receipt: string): void;
  /** Returns how many messages are waiting, in flight and delayed. */
  depth(): QueueDepth;
  /** How often a message is delivered before it is moved to the dead letters; undefined: without limit. */
  readonly maxReceiveCount: number | undefined;
  /** Every message, in flight or not: for assertions. */
  messages(): readonly Pick<QueueMessage, 'id' | 'body' | 'receiveCount' | 'attributes'>[];
}

/** Options of {@link createMemoryQueue}. */
export interface MemoryQueueOptions {
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /** Picks which of the visible messages come first. Default: the oldest first. */
  readonly random?: Random;
  /**
   * The queue to which a message is moved instead of being delivered more than `maxReceiveCount` times.
   * Default: none.
   */
  readonly redrive?: { readonly deadLetters: MemoryQueue; readonly maxReceiveCount: number };
}

interface Entry {
  readonly id: string;
  readonly body: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly sentAt: Date;
  receiveCount: number;
  visibleAtMs: number;
  receipt: string | undefined;
}

/**
 * Creates a queue in memory.
 *
 * @example
 * const queue = createMemoryQueue({ clock });
 * queue.send('{"hello":"world"}');
 * const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 0, visibilitySeconds: 60 });
 */
export function createMemoryQueue(options: MemoryQueueOptions): MemoryQueue {
  return new QueueInMemory(options);
}

class QueueInMemory implements MemoryQueue {
  readonly #options: MemoryQueueOptions;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  /** Receivers that wait for a message: aborted when one may be there. */
  readonly #waiting = new Set<AbortController>();
  #serial = 0;

  constructor(options: MemoryQueueOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  get maxReceiveCount(): number | undefined {
    return this.#options.redrive?.maxReceiveCount;
  }

  send(body: string, { attributes = new Map(), delaySeconds = 0 }: MemorySendOptions = {}): string {
    this.#serial += 1;
    const id = `message-${this.#serial}`;
    const visibleAtMs = this.#clock.monotonicMs() + delaySeconds * 1000;
    const sentAt = this.#clock.now();
    this.#entries.set(id, { id, body, attributes, sentAt, receiveCount: 0, visibleAtMs, receipt: undefined });
    this.#announce();
    return id;
  }

  async receive(options: ReceiveOptions): Promise<readonly QueueMessage[]> {
    refuse(receiveProblem(options));
    const { maxMessages, waitSeconds, visibilitySeconds, signal } = options;
    const deadlineMs = this.#clock.monotonicMs() + waitSeconds * 1000;
    for (;;) {
      if (signal?.aborted === true) return [];
      const received = this.#take(maxMessages, visibilitySeconds);
      if (received.length > 0 || this.#clock.monotonicMs() >= deadlineMs) return received;
      await this.#untilSomethingMayBeVisible(deadlineMs, signal);
    }
  }

  changeVisibility(receipt: string, seconds: number): void {
    refuse(visibilityProblem(seconds));
    const entry = this.#held(receipt);
    const now = this.#clock.monotonicMs();
    if (entry === undefined || entry.visibleAtMs <= now) {
      throw new AdapterError(
        'lease-lost',
        `Expected a lease that has not ended, but the one of receipt ${receipt} has.`,
      );
    }
    entry.visibleAtMs = now + seconds * 1000;
    if (seconds === 0) this.#announce();
  }

  delete(receipt: string): void {
    const entry = this.#held(receipt);
    if (entry !== undefined) this.#entries.delete(entry.id);
  }

  depth(): QueueDepth {
    const now = this.#clock.monotonicMs();
    const all = [...this.#entries.values()];
    const hidden = all.filter((entry) => entry.visibleAtMs > now);
    const delayed = hidden.filter((entry) => entry.receipt === undefined).length;
    return { visible: all.length - hidden.length, inFlight: hidden.length - delayed, delayed };
  }

  messages(): ReturnType<MemoryQueue['messages']> {
    return [...this.#entries.values()].map(({ id, body, receiveCount, attributes }) => {
      return { id, body, receiveCount, attributes };
    });
  }

  #announce(): void {
    for (const receiver of this.#waiting) receiver.abort();
  }

  #take(maxMessages: number, visibilitySeconds: number): QueueMessage[] {
    const received: QueueMessage[] = [];
    for (const entry of this.#visible()) {
      if (received.length >= maxMessages) break;
      const message = this.#deliver(entry, visibilitySeconds);
      if (message !== undefined) received.push(message);
    }
    return received;
  }

  #visible(): Entry[] {
    const { random } = this.#options;
    const now = this.#clock.monotonicMs();
    const found = [...this.#entries.values()].filter((entry) => entry.visibleAtMs <= now);
    return random === undefined ? found : shuffled(found, random);
  }

  #deliver(entry: Entry, visibilitySeconds: number): QueueMessage | undefined {
    const { redrive } = this.#options;
    if (redrive !== undefined && entry.receiveCount >= redrive.maxReceiveCount) {
      this.#entries.delete(entry.id);
      redrive.deadLetters.send(entry.body, { attributes: entry.attributes });
      return undefined;
    }
    entry.receiveCount += 1;
    entry.visibleAtMs = this.#clock.monotonicMs() + visibilitySeconds * 1000;
    entry.receipt = `${entry.id}/${entry.receiveCount}`;
    const { id, body, receipt, receiveCount, sentAt, attributes } = entry;
    return { id, body, receipt, receiveCount, sentAt, attributes };
  }

  async #untilSomethingMayBeVisible(deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
    const arrival = new AbortController();
    this.#waiting.add(arrival);
    let soonestMs = deadlineMs;
    for (const { visibleAtMs } of this.#entries.values()) soonestMs = Math.min(soonestMs, visibleAtMs);
    const signals = signal === undefined ? [arrival.signal] : [arrival.signal, signal];
    await this.#clock.sleep(Math.max(0, soonestMs - this.#clock.monotonicMs()), AbortSignal.any(signals));
    this.#waiting.delete(arrival);
  }

  /** The message of a receipt, unless its lease was followed by another one. */
  #held(receipt: string): Entry | undefined {
    const entry = this.#entries.get(receipt.slice(0, receipt.lastIndexOf('/')));
    return entry?.receipt === receipt ? entry : undefined;
  }
}

/** Fisher–Yates. */
function shuffled<T>(items: readonly T[], random: Random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    const [a, b] = [result[last] as T, result[pick] as T];
    [result[last], result[pick]] = [b, a];
  }
  return result;
}
