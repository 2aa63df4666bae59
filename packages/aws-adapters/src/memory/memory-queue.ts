import { AdapterError } from '../errors/index.ts';
import type { Clock, QueueDepth, QueueMessage, Random, ReceiveOptions } from '../ports/index.ts';

/** What may travel with a message that is sent. */
export interface MemorySendOptions {
  readonly attributes?: ReadonlyMap<string, string>;
  /** How long nobody can receive it. Default: 0. */
  readonly delaySeconds?: number;
}

/** A queue that behaves like SQS: loans with visibility timeouts, at-least-once, in no promised order. */
export interface MemoryQueue {
  /** Puts a message on the queue and answers its id. */
  send(body: string, options?: MemorySendOptions): string;
  receive(options: ReceiveOptions): Promise<readonly QueueMessage[]>;
  /** @throws `lease-lost` when the receipt is not the message's last one, or its loan is over */
  changeVisibility(receipt: string, seconds: number): void;
  /** Deletes by receipt. A receipt that is no longer the last one "succeeds" without deleting, as on SQS. */
  delete(receipt: string): void;
  depth(): QueueDepth;
  /** Every message, whoever holds it: for assertions. */
  messages(): readonly Pick<QueueMessage, 'id' | 'body' | 'receiveCount' | 'attributes'>[];
}

/** How a queue is made. */
export interface MemoryQueueOptions {
  readonly clock: Clock;
  /** Picks which of the visible messages come first. Default: the oldest first. */
  readonly random?: Random;
  /** Where a message goes instead of being handed out once more than `maxReceiveCount` times. Default: nowhere. */
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
  const { clock, random, redrive } = options;
  const entries = new Map<string, Entry>();
  const arrivals = new Set<AbortController>();
  let serial = 0;

  function announce(): void {
    for (const waiting of arrivals) waiting.abort();
  }

  function visible(): Entry[] {
    const now = clock.monotonicMs();
    const found = [...entries.values()].filter((entry) => entry.visibleAtMs <= now);
    return random === undefined ? found : shuffled(found, random);
  }

  function lend(entry: Entry, visibilitySeconds: number): QueueMessage | undefined {
    if (redrive !== undefined && entry.receiveCount >= redrive.maxReceiveCount) {
      entries.delete(entry.id);
      redrive.deadLetters.send(entry.body, { attributes: entry.attributes });
      return undefined;
    }
    entry.receiveCount += 1;
    entry.visibleAtMs = clock.monotonicMs() + visibilitySeconds * 1000;
    entry.receipt = `${entry.id}/${entry.receiveCount}`;
    const { id, body, receipt, receiveCount, sentAt, attributes } = entry;
    return { id, body, receipt, receiveCount, sentAt, attributes };
  }

  function take(maxMessages: number, visibilitySeconds: number): QueueMessage[] {
    const lent: QueueMessage[] = [];
    for (const entry of visible()) {
      if (lent.length >= maxMessages) break;
      const message = lend(entry, visibilitySeconds);
      if (message !== undefined) lent.push(message);
    }
    return lent;
  }

  async function untilSomethingMayBeVisible(deadlineMs: number, signal?: AbortSignal): Promise<void> {
    const arrival = new AbortController();
    arrivals.add(arrival);
    const soonest = Math.min(deadlineMs, ...[...entries.values()].map((entry) => entry.visibleAtMs));
    const signals = signal === undefined ? [arrival.signal] : [arrival.signal, signal];
    await clock.sleep(Math.max(0, soonest - clock.monotonicMs()), AbortSignal.any(signals));
    arrivals.delete(arrival);
  }

  function held(receipt: string): Entry | undefined {
    return [entries.get(receipt.slice(0, receipt.lastIndexOf('/')))].find(
      (entry) => entry?.receipt === receipt,
    );
  }

  return {
    send(body, { attributes = new Map(), delaySeconds = 0 } = {}) {
      const id = `message-${++serial}`;
      entries.set(id, {
        id,
        body,
        attributes,
        sentAt: clock.now(),
        receiveCount: 0,
        visibleAtMs: clock.monotonicMs() + delaySeconds * 1000,
        receipt: undefined,
      });
      announce();
      return id;
    },
    async receive({ maxMessages, waitSeconds, visibilitySeconds, signal }) {
      const deadlineMs = clock.monotonicMs() + waitSeconds * 1000;
      for (;;) {
        if (signal?.aborted === true) return [];
        const lent = take(maxMessages, visibilitySeconds);
        if (lent.length > 0 || clock.monotonicMs() >= deadlineMs) return lent;
        await untilSomethingMayBeVisible(deadlineMs, signal);
      }
    },
    changeVisibility(receipt, seconds) {
      const entry = held(receipt);
      const now = clock.monotonicMs();
      if (entry === undefined || entry.visibleAtMs <= now) {
        throw new AdapterError(
          'lease-lost',
          `Expected a loan that still lasts, but receipt ${receipt} is over.`,
        );
      }
      entry.visibleAtMs = now + seconds * 1000;
      if (seconds === 0) announce();
    },
    delete(receipt) {
      const entry = held(receipt);
      if (entry !== undefined) entries.delete(entry.id);
    },
    depth() {
      const now = clock.monotonicMs();
      const all = [...entries.values()];
      const waiting = all.filter((entry) => entry.visibleAtMs > now);
      const delayed = waiting.filter((entry) => entry.receipt === undefined).length;
      return { visible: all.length - waiting.length, inFlight: waiting.length - delayed, delayed };
    },
    messages: () =>
      [...entries.values()].map(({ id, body, receiveCount, attributes }) => ({
        id,
        body,
        receiveCount,
        attributes,
      })),
  };
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
