import { WordTable } from './count/word-table.ts';
import { TextEncodingDetector } from './decode/text-encoding.ts';
import type { CountEngine } from './engine/count-engine.ts';
import { createEngine } from './engine/create-engine.ts';
import { WordfreqError } from './errors.ts';
import { resolveOptions, type WordCounterOptions } from './options.ts';
import { Warnings } from './warnings.ts';
import { WordCounts } from './word-counts.ts';

/**
 * Counts the words of a text that comes in chunks of bytes. Any cut of the text into chunks gives the same counts, also one inside a
 * character. Bytes go through three steps: the encoding is detected, the text is cut into words, words are counted in a table.
 *
 * @example
 * const counter = new WordCounter();
 * for await (const chunk of createReadStream('text.txt')) counter.push(chunk);
 * const counts = counter.finish();
 * console.log(counts.top(10), counts.totalWords);
 */
export class WordCounter {
  readonly #warnings = new Warnings();
  readonly #engine: CountEngine;
  readonly #maxDistinctWords: number;
  readonly #detector: TextEncodingDetector;
  #bytes = 0;
  #finished = false;

  /** @throws WordfreqError `invalid-option`, `engine-unavailable` */
  constructor(
    options: WordCounterOptions = {},
    internal: { readonly startsText: boolean } = { startsText: true },
  ) {
    const resolved = resolveOptions(options);
    this.#maxDistinctWords = resolved.maxDistinctWords;
    this.#engine = createEngine(resolved, this.#warnings);
    this.#detector = new TextEncodingDetector(this.#warnings, internal.startsText, (chunk, base) => {
      this.#noticeNuls(chunk, base);
      this.#engine.push(chunk, base);
    });
  }

  /**
   * Takes the bytes that follow. They are not kept: the caller may use their memory again.
   *
   * @throws WordfreqError `counter-finished`, `too-many-distinct-words`
   */
  push(chunk: Uint8Array): void {
    this.#requireUnfinished('push');
    this.#bytes += chunk.length;
    this.#detector.push(chunk);
    this.#requireFewWords(this.#engine.distinctWords);
  }

  /**
   * Takes the end of the text and answers the counts.
   *
   * @throws WordfreqError `counter-finished`, `too-many-distinct-words`
   */
  finish(): WordCounts {
    this.#requireUnfinished('finish');
    const { table, words } = this.#engine.finish(this.#detector.finish());
    this.#finished = true;
    this.#requireFewWords(table.size);
    const warnings = this.#warnings.list();
    const isBroken = warnings.some(({ code }) => code === 'invalid-utf8');
    const totals = { bytes: this.#bytes, words };
    return new WordCounts(isBroken ? withReadableWords(table) : table, totals, warnings);
  }

  #requireFewWords(words: number): void {
    if (words <= this.#maxDistinctWords) return;
    throw new WordfreqError(
      'too-many-distinct-words',
      `Expected at most ${this.#maxDistinctWords} different words (option maxDistinctWords), but there are ${words} in ` +
        `the first ${this.#bytes} bytes. Allow more, or split the text and merge encoded counts.`,
    );
  }

  #noticeNuls(chunk: Uint8Array, base: number): void {
    for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1))
      this.#warnings.add('nul', base + at);
  }

  #requireUnfinished(method: string): void {
    if (!this.#finished) return;
    throw new WordfreqError(
      'counter-finished',
      `Expected ${method}() before finish(), but the counter is finished. Make a new WordCounter for the next text.`,
    );
  }
}

/**
 * Words are counted as bytes, and bytes that are no UTF-8 read as U+FFFD. Where that makes two words read alike, they become one.
 */
function withReadableWords(table: WordTable): WordTable {
  const readable = new WordTable();
  for (let entry = 0; entry < table.size; entry += 1) {
    const bytes = encoder.encode(decoder.decode(table.word(entry)));
    readable.add(bytes, bytes.length, table.count(entry));
  }
  return readable;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
