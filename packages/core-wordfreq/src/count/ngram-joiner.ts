import { unpack } from './word-key.ts';
import type { WordSink } from './word-sink.ts';

/** Turns words into n-grams: passes on each sequence of `n` words, joined by spaces. */
export class NgramJoiner implements WordSink {
  /** The number of n-grams so far. */
  runs = 0;
  readonly #n: number;
  readonly #sink: WordSink;
  readonly #last: Uint8Array[];

  /** `lastWords` are the words before, fewer than `n`. */
  constructor(n: number, sink: WordSink, lastWords: readonly Uint8Array[] = []) {
    this.#n = n;
    this.#sink = sink;
    this.#last = [...lastWords];
  }

  /** The words that start the next n-gram. */
  get lastWords(): readonly Uint8Array[] {
    return this.#last;
  }

  add(bytes: Uint8Array, length: number): void {
    this.#last.push(bytes.slice(0, length));
    if (this.#last.length < this.#n) return;
    const joined = join(this.#last);
    this.#sink.add(joined, joined.length);
    this.#last.shift();
    this.runs += 1;
  }

  addShort(low: number, high: number, length: number): void {
    this.add(unpack(low, high), length);
  }
}

function join(words: readonly Uint8Array[]): Uint8Array {
  const length = words.reduce((sum, word) => sum + word.length, words.length - 1);
  const joined = new Uint8Array(length).fill(0x20);
  let at = 0;
  for (const word of words) {
    joined.set(word, at);
    at += word.length + 1;
  }
  return joined;
}
