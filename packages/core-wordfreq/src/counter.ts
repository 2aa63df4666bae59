import { HeldText } from './charset/held-text.ts';
import { type DecodingState, INSIDE_TEXT, TEXT_START, TextDecoding } from './charset/text-decoding.ts';
import { spellerOf } from './count/readable-words.ts';
import type { TableEntries } from './count/word-table.ts';
import { WordfreqError } from './errors.ts';
import { HyphenFinder } from './line-ends/hyphen-finder.ts';
import { joinLineEnds } from './line-ends/join-line-ends.ts';
import {
  fingerprintOptions,
  type ResolvedOptions,
  resolveOptions,
  type WordCounterOptions,
} from './options.ts';
import { type CounterState, decodeSnapshot, encodeSnapshot } from './serialization/snapshot-format.ts';
import { Tally } from './tally.ts';
import { Warnings } from './warnings.ts';
import type { WordCounts } from './word-counts.ts';

/**
 * Heavy hitters drop rare words only at multiples of this offset, wherever chunks end, so that the counts do
 * not depend on chunks.
 */
export const SETTLE_BYTES: number = 64 * 1024;

/** Where a counter starts: at the start of a text, inside one, or where a snapshot was taken. */
type CounterStart = 'text' | 'inside' | CounterState;

/**
 * Counts the words of a text that comes in chunks of bytes. The counts do not depend on where chunks end;
 * they may end inside a character. Bytes go through four steps: `charset/text-decoding.ts` finds the
 * encoding and decodes, `charset/held-text.ts` holds back what follows the last white space, an engine segments the text
 * into words and counts them in a table, and the tally keeps the table within its limits.
 *
 * @example
 * const counter = new WordCounter();
 * for await (const chunk of createReadStream('text.txt')) counter.push(chunk);
 * const counts = counter.finish();
 * console.log(counts.top(10), counts.totalWords);
 */
export class WordCounter {
  /** The fingerprint of the options; see {@link fingerprintOptions}. */
  readonly fingerprint: string;
  readonly #warnings = new Warnings();
  readonly #decoding: TextDecoding;
  readonly #held: HeldText;
  readonly #tally: Tally;
  readonly #isBounded: boolean;
  readonly #options: ResolvedOptions;
  readonly #hyphens: HyphenFinder | undefined;
  #bytes = 0;
  #isFinished = false;

  /** @throws WordfreqError `invalid-option`, `engine-unavailable` */
  constructor(options?: WordCounterOptions);
  /** @internal */
  constructor(options: WordCounterOptions, start: CounterStart);
  constructor(options: WordCounterOptions = {}, start: CounterStart = 'text') {
    const resolved = resolveOptions(options);
    this.fingerprint = fingerprintOptions(resolved);
    this.#isBounded = resolved.overflow === 'heavy-hitters';
    this.#options = resolved;
    const state = typeof start === 'string' ? undefined : start;
    const decoding: DecodingState =
      start === 'text' ? TEXT_START : start === 'inside' ? INSIDE_TEXT : start.decoding;
    this.#hyphens = resolved.dehyphenate ? new HyphenFinder(resolved, state?.hyphens) : undefined;
    this.#tally = new Tally(resolved, this.#warnings, state?.tally);
    this.#held = new HeldText((bytes, base) => this.#tally.push(bytes, base), decoding.offset, state?.held);
    this.#decoding = new TextDecoding(this.#warnings, decoding, resolved.encoding, (chunk, base) =>
      this.#take(chunk, base),
    );
    if (state === undefined) return;
    this.#warnings.addAll(state.tally.counted.warnings);
    this.#bytes = state.bytes;
  }

  /**
   * Creates a counter that continues where another one was when it took its {@link WordCounter.snapshot}. The
   * options must have the same fingerprint; `engine` may differ.
   *
   * @throws WordfreqError `invalid-encoding` if the bytes are not a snapshot, or a damaged one; `options-mismatch`;
   * `invalid-option`, `engine-unavailable`
   * @example
   * const counter = WordCounter.restore(await readFile('count.wfs'), options);
   */
  static restore(snapshot: Uint8Array, options: WordCounterOptions = {}): WordCounter {
    const state = decodeSnapshot(snapshot);
    requireSameOptions(state.fingerprint, fingerprintOptions(options));
    return new WordCounter(options, state);
  }

  /**
   * Takes the bytes that follow. They are not kept: the caller may reuse their memory.
   *
   * @throws WordfreqError `counter-finished`, `invalid-source` if it is no Uint8Array,
   * `too-many-distinct-words`
   */
  push(chunk: Uint8Array): void {
    this.#requireUnfinished('push');
    if (!(chunk instanceof Uint8Array)) {
      throw new WordfreqError(
        'invalid-source',
        `Chunk: expected a Uint8Array, got ${typeof chunk}. Convert it first.`,
      );
    }
    this.#bytes += chunk.length;
    this.#decoding.push(chunk);
    this.#tally.requireFewWords();
  }

  /**
   * Returns the state of the counter as bytes with a version and a checksum, to continue later or elsewhere:
   * in another process, after a crash. The counter itself can go on, too.
   *
   * @throws WordfreqError `counter-finished`; `snapshot-unavailable` within more than 1 MiB without ASCII
   * white space
   * @example
   * await writeFile('count.wfs', counter.snapshot());
   */
  snapshot(): Uint8Array {
    this.#requireUnfinished('snapshot');
    const { held, passedEnd } = this.#held;
    if (held === undefined) {
      throw new WordfreqError(
        'snapshot-unavailable',
        `Snapshot: expected white space within 1 MiB before byte ${this.#bytes}, and there is none. ` +
          'Try again after the next white space.',
      );
    }
    return encodeSnapshot({
      fingerprint: this.fingerprint,
      bytes: this.#bytes,
      decoding: this.#decoding.state,
      held,
      tally: this.#tally.save(passedEnd),
      hyphens: this.#hyphens?.state,
    });
  }

  /**
   * Takes the end of the text and returns the counts.
   *
   * @throws WordfreqError `counter-finished`, `too-many-distinct-words`
   */
  finish(): WordCounts {
    const { counts, hyphens } = this.finishPiece();
    return hyphens === undefined ? counts : joinLineEnds(counts, hyphens, spellerOf(this.#options));
  }

  /** @internal The counts of a piece of a text, and the words that hyphens divide in it, which are not joined yet. */
  finishPiece(): { readonly counts: WordCounts; readonly hyphens: TableEntries | undefined } {
    this.#requireUnfinished('finish');
    const end = this.#decoding.finish();
    this.#held.finish();
    this.#isFinished = true;
    const counts = this.#tally.finish(end, this.#bytes).withEncoding(this.#decoding.state.encoding);
    return { counts, hyphens: this.#hyphens?.finish() };
  }

  #take(chunk: Uint8Array, base: number): void {
    this.#hyphens?.push(chunk);
    if (!this.#isBounded) {
      this.#held.push(chunk, base);
      return;
    }
    for (let at = 0; at < chunk.length; ) {
      const end = Math.min(chunk.length, at + SETTLE_BYTES - ((base + at) % SETTLE_BYTES));
      this.#held.push(chunk.subarray(at, end), base + at);
      at = end;
      if ((base + at) % SETTLE_BYTES === 0) this.#settle();
    }
  }

  #settle(): void {
    if (this.#held.held === undefined) this.#tally.requireFewWords();
    else this.#tally.settle(this.#held.passedEnd);
  }

  #requireUnfinished(method: string): void {
    if (!this.#isFinished) return;
    throw new WordfreqError(
      'counter-finished',
      `Expected ${method}() before finish(), but the counter is finished. Make a new WordCounter for the next text.`,
    );
  }
}

function requireSameOptions(got: string, expected: string): void {
  if (got === expected) return;
  throw new WordfreqError(
    'options-mismatch',
    `Snapshot: expected one with the options "${expected}", got one with "${got}". Restore it with the options of its counter.`,
  );
}
