import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { MAX_MESSAGE_BYTES, type WordExchange } from '../engine/word-exchange.ts';

/** One thread's end of the connections among threads that count a file together. */
export interface ExchangeEnd {
  /** Which thread it is, from 0. */
  readonly index: number;
  /** To each thread; undefined for itself. */
  readonly ports: readonly (MessagePort | undefined)[];
  /** For each thread a number that grows with what was sent to it: what it waits for. It is shared. */
  readonly signals: Int32Array<SharedArrayBuffer>;
}

/** Memory for a message, and whether it is in use. */
interface Message {
  readonly state: Int32Array<SharedArrayBuffer>;
  readonly bytes: Uint8Array<SharedArrayBuffer>;
}

interface SentMessage extends Message {
  readonly length: number;
}

const FREE = 0;
const IN_USE = 1;

/** The ends of connections among so many threads. */
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

/** Exchanges words with the other threads. It waits without returning to the event loop, so that counting can go on behind it. */
export class ThreadExchange implements WordExchange {
  readonly index: number;
  readonly engines: number;
  readonly #ports: readonly (MessagePort | undefined)[];
  readonly #signals: Int32Array<SharedArrayBuffer>;
  /** Memory that both ends see, used again and again: new memory for each message would cost more than counting its words. */
  readonly #messages: Message[] = [];
  #ended = 0;

  constructor({ index, ports, signals }: ExchangeEnd) {
    this.index = index;
    this.engines = ports.length;
    this.#ports = ports;
    this.#signals = signals;
  }

  /** Whether an engine took part: the words of those that did have no other owner. */
  get isUsed(): boolean {
    return this.#ended > 0;
  }

  send(owner: number, words: Uint8Array): void {
    const message = this.#freeMessage();
    message.bytes.set(words);
    Atomics.store(message.state, 0, IN_USE);
    this.#post(owner, { ...message, length: words.length });
  }

  receive(take: (words: Uint8Array) => void): void {
    for (const port of this.#ports) {
      if (port === undefined) continue;
      for (let got = receiveMessageOnPort(port); got !== undefined; got = receiveMessageOnPort(port)) {
        if (got.message === END) {
          this.#ended += 1;
          continue;
        }
        const { bytes, length, state } = got.message as SentMessage;
        take(bytes.subarray(0, length));
        Atomics.store(state, 0, FREE);
      }
    }
  }

  receiveRest(take: (words: Uint8Array) => void): void {
    for (let owner = 0; owner < this.engines; owner += 1) this.#post(owner, END);
    while (true) {
      const seen = Atomics.load(this.#signals, this.index);
      this.receive(take);
      if (this.#ended === this.engines - 1) break;
      Atomics.wait(this.#signals, this.index, seen);
    }
    for (const port of this.#ports) port?.close();
  }

  #freeMessage(): Message {
    const known = this.#messages.find(({ state }) => Atomics.load(state, 0) === FREE);
    if (known !== undefined) return known;
    const made = {
      state: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
      bytes: new Uint8Array(new SharedArrayBuffer(MAX_MESSAGE_BYTES)),
    };
    this.#messages.push(made);
    return made;
  }

  #post(owner: number, message: SentMessage | typeof END): void {
    this.#ports[owner]?.postMessage(message);
    Atomics.add(this.#signals, owner, 1);
    Atomics.notify(this.#signals, owner);
  }
}

const END = 'end';
