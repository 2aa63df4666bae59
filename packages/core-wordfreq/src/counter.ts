import { WordTable } from './count/word-table.ts';
import { TextEncodingDetector } from './decode/text-encoding.ts';
import { WordfreqError } from './errors.ts';
import { resolveOptions, type WordCounterOptions } from './options.ts';
import type { ByteTokenizer } from './tokenize/byte-tokenizer.ts';
import { createTokenizer } from './tokenize/create-tokenizer.ts';
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
  readonly #table = new WordTable();
  readonly #warnings = new Warnings();
  readonly #tokenizer: ByteTokenizer;
  readonly #detector: TextEncodingDetector;
  #bytes = 0;
  #finished = false;

  /** @throws WordfreqError `invalid-option` */
  constructor(options: WordCounterOptions = {}) {
    const { tokenizer, maxTokenBytes } = resolveOptions(options);
    this.#tokenizer = createTokenizer(tokenizer, {
      table: this.#table,
      warnings: this.#warnings,
      maxTokenBytes,
    });
    this.#detector = new TextEncodingDetector(this.#warnings, (chunk, base) => {
      this.#noticeNuls(chunk, base);
      this.#tokenizer.push(chunk, base);
    });
  }

  /**
   * Takes the bytes that follow. They are not kept: the caller may use their memory again.
   *
   * @throws WordfreqError `counter-finished`
   */
  push(chunk: Uint8Array): void {
    this.#requireUnfinished('push');
    this.#bytes += chunk.length;
    this.#detector.push(chunk);
  }

  /**
   * Takes the end of the text and answers the counts.
   *
   * @throws WordfreqError `counter-finished`
   */
  finish(): WordCounts {
    this.#requireUnfinished('finish');
    this.#tokenizer.finish(this.#detector.finish());
    this.#finished = true;
    const totals = { bytes: this.#bytes, words: this.#tokenizer.words };
    return new WordCounts(withReadableWords(this.#table), totals, this.#warnings.list());
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
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const isReadable = (entry: number): boolean => {
    try {
      decoder.decode(table.word(entry));
      return true;
    } catch {
      return false;
    }
  };
  const entries = Array.from({ length: table.size }, (_, entry) => entry);
  if (entries.every(isReadable)) return table;
  const readable = new WordTable();
  for (const entry of entries) {
    const bytes = new TextEncoder().encode(new TextDecoder().decode(table.word(entry)));
    readable.add(bytes, bytes.length, table.count(entry));
  }
  return readable;
}
