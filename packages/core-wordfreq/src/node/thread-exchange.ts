import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { MAX_MESSAGE_BYTES, type WordExchange } from '../engine/word-exchange.ts';

/** What one thread needs to talk to the other threads that count the same file. */
export interface ExchangeEnd {
  /**
   * The number of the thread, from 0. The last one owns no words, so that it waits for nobody: it sends all that it has
   * to the others.
   */
  readonly index: number;
  /** A port to each thread, the last one too; undefined for itself. */
  readonly ports: readonly (MessagePort | undefined)[];
  /**
   * For each thread, the number of messages that were sent to it. A thread waits until its number changes.
   * Shared memory.
   */
  readonly signals: Int32Array<SharedArrayBuffer>;
}

/**
 * A message of words: the first `length` of `bytes`. The receiver sends the memory back when it has counted
 * them.
 */
interface SentWords {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly length: number;
}

/** Connects threads with each other. The last one owns no words. */
export function connectThreads(threads: number): readonly ExchangeEnd[] {
  const signals = new Int32Array(new SharedArrayBuffer(threads * Int32Array.BYTES_PER_ELEMENT));
  const ports = Array.from({ length: threads }, () => new Array<MessagePort | undefined>(threads));
  for (const [first, ends] of ports.entries()) {
    for (let second = first + 1; second < threads; second += 1) {
      const { port1, port2 } = new MessageChannel();
      ends[second] = port1;
      (ports[second] as (MessagePort | undefined)[])[first] = port2;
    }
  }
  return ports.map((ends, index) => ({ index, ports: ends, signals }));
}

/**
 * Exchanges words with the other threads. It receives and waits without returning to the event loop, because
 * counting is synchronous.
 */
export class ThreadExchange implements WordExchange {
  readonly index: number;
  readonly engines: number;
  readonly #ports: readonly (MessagePort | undefined)[];
  readonly #signals: Int32Array<SharedArrayBuffer>;
  /**
   * Memory that came back. New memory for each message, or shared memory, would cost more than counting its
   * words.
   */
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  isAlone = false;
  #ended = 0;
  #hasSentAll = false;

  constructor({ index, ports, signals }: ExchangeEnd) {
    this.index = index;
    this.engines = ports.length - 1;
    this.#ports = ports;
    this.#signals = signals;
  }

  /** Whether this thread took part in the exchange, so that its words are in no other table. */
  get isUsed(): boolean {
    return this.#hasSentAll;
  }

  send(owner: number, words: Uint8Array): void {
    const bytes = this.#free.pop() ?? new Uint8Array(MAX_MESSAGE_BYTES);
    bytes.set(words);
    this.#post(owner, { bytes, length: words.length }, [bytes.buffer]);
  }

  receive(take: (words: Uint8Array) => void): void {
    for (const port of this.#ports) {
      if (port === undefined) continue;
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        this.#receiveMessage(port, got.message as SentWords | Uint8Array<ArrayBuffer> | typeof END, take);
      }
    }
  }

  receiveRest(take: (words: Uint8Array) => void): void {
    for (let owner = 0; owner < this.engines; owner += 1) this.#post(owner, END);
    this.#hasSentAll = true;
    const senders = this.index < this.engines ? this.engines : 0;
    while (true) {
      const seen = Atomics.load(this.#signals, this.index);
      this.receive(take);
      if (this.#ended === senders) break;
      Atomics.wait(this.#signals, this.index, seen);
    }
    for (const port of this.#ports) port?.close();
  }

  #receiveMessage(
    port: MessagePort,
    message: SentWords | Uint8Array<ArrayBuffer> | typeof END,
    take: (words: Uint8Array) => void,
  ): void {
    if (message === END) this.#ended += 1;
    else if (message instanceof Uint8Array) this.#free.push(message);
    else {
      take(message.bytes.subarray(0, message.length));
      port.postMessage(message.bytes, [message.bytes.buffer]);
    }
  }

  #post(owner: number, message: SentWords | typeof END, transfer: readonly ArrayBuffer[] = []): void {
    this.#ports[owner]?.postMessage(message, transfer);
    Atomics.add(this.#signals, owner, 1);
    Atomics.notify(this.#signals, owner);
  }
}

/** The last message of a thread. */
const END = 'end';
