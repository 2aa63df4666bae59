import { unpack } from '../count/word-key.ts';
import type { WordSink } from '../count/word-sink.ts';
import type { ResolvedOptions } from '../options.ts';
import { createTokenizer } from '../tokenize/create-tokenizer.ts';
import { Warnings } from '../warnings.ts';

/** Segments fragments of a text, which begin and end where words do, into words as the engines count them. */
export class FragmentWords {
  readonly #push: (bytes: Uint8Array) => void;
  #words: string[] = [];

  constructor(options: ResolvedOptions) {
    const { keepCase, locale } = options;
    const words: WordSink = {
      add: (bytes, length) => void this.#words.push(decoder.decode(bytes.subarray(0, length))),
      addShort: (low, high, length) =>
        void this.#words.push(decoder.decode(unpack(low, high).subarray(0, length))),
    };
    const tokenizer = createTokenizer(options.tokenizer, {
      ...options,
      words,
      // The engine already warns about the same text.
      warnings: new Warnings(),
      keepCase: keepCase || locale !== undefined,
    });
    this.#push = (bytes) => tokenizer.push(bytes, 0);
  }

  /** Returns the words in their order. */
  of(fragment: string): readonly string[] {
    this.#words = [];
    // White space ends the last word.
    this.#push(encoder.encode(`${fragment}\n`));
    return this.#words;
  }
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
