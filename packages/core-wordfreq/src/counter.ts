import { HeldText } from './charset/held-text.ts';
import {
  type DecodingState,
  INSIDE_TEXT,
  TEXT_START,
  TextEncodingDetector,
} from './charset/text-encoding.ts';
import { WordfreqError } from './errors.ts';
import { fingerprintOptions, resolveOptions, type WordCounterOptions } from './options.ts';
import { type CounterState, decodeSnapshot, encodeSnapshot } from './serialization/snapshot-format.ts';
import { Tally } from './tally.ts';
import { Warnings } from './warnings.ts';
import type { WordCounts } from './word-counts.ts';

/** Words are let go where multiples of this end, wherever chunks do, so that the counts do not depend on chunks. */
export const SETTLE_BYTES: number = 64 * 1024;

/** @internal Where a counter begins. */
export type CounterStart = 'text' | 'inside' | CounterState;

/**
 * Counts the words of a text that comes in chunks of bytes. Any cut of the text into chunks gives the same counts, also one inside a
 * character. Bytes go through four steps: the encoding is detected, what stands behind the last white space is held back, the text is cut
 * into words, words are counted in a table.
 *
 * @example
 * const counter = new WordCounter();
 * for await (const chunk of createReadStream('text.txt')) counter.push(chunk);
 * const counts = counter.finish();
 * console.log(counts.top(10), counts.totalWords);
 */
export class WordCounter {
  /** Of the options; see {@link fingerprintOptions}. */
  readonly fingerprint: string;
  readonly #warnings = new Warnings();
  readonly #detector: TextEncodingDetector;
  readonly #held: HeldText;
  readonly #tally: Tally;
  readonly #isBounded: boolean;
  #bytes = 0;
  #mergedBytes = 0;
  #isFinished = false;

  /** @throws WordfreqError `invalid-option`, `engine-unavailable` */
  constructor(options: WordCounterOptions = {}, start: CounterStart = 'text') {
    const resolved = resolveOptions(options);
    this.fingerprint = fingerprintOptions(resolved);
    this.#isBounded = resolved.overflow === 'heavy-hitters';
    const state = typeof start === 'string' ? undefined : start;
    const decoding: DecodingState =
      start === 'text' ? TEXT_START : start === 'inside' ? INSIDE_TEXT : start.decoding;
    const passedEnd = decoding.offset - (state?.held.length ?? 0);
    const isAtStart = start === 'text' || (state !== undefined && passedEnd === 0);
    this.#tally = new Tally(resolved, this.#warnings, state?.tally, isAtStart ? undefined : passedEnd);
    this.#held = new HeldText((bytes, base) => this.#tally.push(bytes, base), decoding.offset, state?.held);
    this.#detector = new TextEncodingDetector(this.#warnings, decoding, (chunk, base) =>
      this.#take(chunk, base),
    );
    if (state === undefined) return;
    this.#warnings.addAll(state.tally.counted.warnings);
    this.#bytes = state.bytes;
    this.#mergedBytes = state.mergedBytes;
  }

  /**
   * A counter that goes on where another one was when it gave its {@link WordCounter.snapshot}. The options must count alike; `engine`
   * may be another.
   *
   * @throws WordfreqError `invalid-encoding` if the snapshot is none, or damaged; `options-mismatch`; `invalid-option`,
   * `engine-unavailable`
   * @example
   * const counter = WordCounter.restore(await readFile('count.wfs'), options);
   */
  static restore(snapshot: Uint8Array, options: WordCounterOptions = {}): WordCounter {
    const state = decodeSnapshot(snapshot);
    requireSame('The snapshot', state.fingerprint, fingerprintOptions(options));
    return new WordCounter(options, state);
  }

  /**
   * Takes the bytes that follow. They are not kept: the caller may use their memory again.
   *
   * @throws WordfreqError `counter-finished`, `invalid-source` if it is no Uint8Array, `too-many-distinct-words`
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
    this.#detector.push(chunk);
    this.#tally.requireFewWords();
  }

  /**
   * Adds what another counter counted of another text, and finishes that counter. The last word of neither text is joined with the first
   * of the other; for pieces of one text there is {@link PartCounter}.
   *
   * @throws WordfreqError `counter-finished`; `invalid-source` if it is the same counter; `options-mismatch` if the other one counts
   * otherwise; `too-many-distinct-words`
   */
  merge(other: WordCounter): void {
    this.#requireUnfinished('merge');
    requireSame('The other counter', other.fingerprint, this.fingerprint);
    if (other === this) {
      throw new WordfreqError(
        'invalid-source',
        'Merge: expected another counter, got the same. Restore a snapshot of it.',
      );
    }
    const counts = other.finish();
    this.#warnings.addAll(counts.warnings);
    this.#mergedBytes += counts.totalBytes;
    this.#tally.add(counts);
  }

  /**
   * All that the counter knows, as bytes with a version and a checksum, to go on later or elsewhere: in another process, after a crash.
   * The counter counts on.
   *
   * @throws WordfreqError `counter-finished`; `snapshot-unavailable` in the midst of more than 1 MiB without ASCII white space
   * @example
   * await writeFile('count.wfs', counter.snapshot());
   */
  snapshot(): Uint8Array {
    this.#requireUnfinished('snapshot');
    const { held, passedEnd } = this.#held;
    if (held === undefined) {
      throw new WordfreqError(
        'snapshot-unavailable',
        `Snapshot: expected white space within 1 MiB before byte ${this.#bytes}, and there is none. Push on behind the next one.`,
      );
    }
    return encodeSnapshot({
      fingerprint: this.fingerprint,
      bytes: this.#bytes,
      mergedBytes: this.#mergedBytes,
      decoding: this.#detector.state,
      held,
      tally: this.#tally.save(passedEnd),
    });
  }

  /**
   * Takes the end of the text and answers the counts.
   *
   * @throws WordfreqError `counter-finished`, `too-many-distinct-words`; after merges `count-too-large`
   */
  finish(): WordCounts {
    this.#requireUnfinished('finish');
    const end = this.#detector.finish();
    this.#held.finish();
    this.#isFinished = true;
    return this.#tally.finish(end, this.#bytes + this.#mergedBytes);
  }

  #take(chunk: Uint8Array, base: number): void {
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

function requireSame(what: string, got: string, expected: string): void {
  if (got === expected) return;
  throw new WordfreqError(
    'options-mismatch',
    `${what}: expected options that count as "${expected}", got "${got}". Give the same ones.`,
  );
}
