import { isSpace } from './charset/held-text.ts';
import { WordCounter } from './counter.ts';
import { invalidOption } from './errors.ts';
import { mergeCounts } from './merge-counts.ts';
import { resolveOptions, type WordCounterOptions } from './options.ts';
import type { WordCounts } from './word-counts.ts';

/**
 * A piece of a UTF-8 text, counted without its neighbours. ASCII white space ends a word for every tokenizer,
 * so the text between the first and the last white space is counted, and the rest waits for the neighbours.
 */
export interface Part {
  /** The bytes before the first ASCII white space; all bytes if there is none. */
  readonly head: Uint8Array;
  /** The counts of the text between; undefined if there is no white space. */
  readonly counts: WordCounts | undefined;
  /** The bytes after the last white space. */
  readonly tail: Uint8Array;
}

const EMPTY = new Uint8Array();

/**
 * Counts a piece of a text that comes in chunks. Head and tail are kept in memory: text without ASCII white
 * space, such as Chinese without line breaks, is kept whole. Only UTF-8 can be counted in parts.
 *
 * @example
 * const [left, right] = [new PartCounter(options), new PartCounter(options)];
 * left.push(bytes.subarray(0, 1000));
 * right.push(bytes.subarray(1000));
 * const counts = finishPart(mergeParts(left.finish(), right.finish(), options), options);
 */
export class PartCounter {
  readonly #options: WordCounterOptions;
  #counter: WordCounter | undefined;
  #head: Uint8Array[] = [];
  #tail: Uint8Array[] = [];

  /** @throws WordfreqError `invalid-option`, `engine-unavailable` */
  constructor(options: WordCounterOptions = {}) {
    requireDivisible(options);
    this.#options = options;
  }

  /** Takes the bytes that follow. They are not kept: the caller may reuse their memory. */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    if (this.#counter === undefined) {
      const first = chunk.findIndex(isSpace);
      this.#head.push(chunk.slice(0, first < 0 ? chunk.length : first));
      if (first < 0) return;
      this.#counter = innerCounter(this.#options);
      rest = chunk.subarray(first);
    }
    const afterSpace = rest.findLastIndex(isSpace) + 1;
    if (afterSpace > 0) {
      for (const kept of this.#tail) this.#counter.push(kept);
      this.#counter.push(rest.subarray(0, afterSpace));
      this.#tail = [];
    }
    this.#tail.push(rest.slice(afterSpace));
  }

  /** Takes the end of the piece. */
  finish(): Part {
    return { head: join(this.#head), counts: this.#counter?.finish(), tail: join(this.#tail) };
  }
}

/**
 * Merges two neighbouring parts into one. The operation is associative: parts may be merged in any order that
 * keeps neighbours together.
 */
export function mergeParts(left: Part, right: Part, options: WordCounterOptions = {}): Part {
  if (left.counts === undefined) return { ...right, head: join([left.head, right.head]) };
  if (right.counts === undefined) return { ...left, tail: join([left.tail, right.head]) };
  const middle = countBytes(innerCounter(options), join([left.tail, right.head]));
  return { head: left.head, counts: mergeInOrder([left.counts, middle, right.counts]), tail: right.tail };
}

/** Returns the counts of a part that is the whole text. */
export function finishPart(part: Part, options: WordCounterOptions = {}): WordCounts {
  const { head, counts, tail } = part;
  const first = countBytes(new WordCounter(options), head);
  if (counts === undefined) return first;
  return mergeInOrder([first, counts, countBytes(innerCounter(options), tail)]).withEncoding(first.encoding);
}

/**
 * Merges the counts of texts that follow each other in a larger one, so that warnings keep their offsets
 * there.
 */
function mergeInOrder(texts: readonly WordCounts[]): WordCounts {
  let offset = 0;
  return mergeCounts(
    texts.map((counts) => {
      const moved = counts.withOffset(offset);
      offset += counts.totalBytes;
      return moved;
    }),
  );
}

function countBytes(counter: WordCounter, bytes: Uint8Array): WordCounts {
  counter.push(bytes);
  return counter.finish();
}

/** Inside a text there is no byte order mark. */
function innerCounter(options: WordCounterOptions): WordCounter {
  return new WordCounter(options, 'inside');
}

function requireDivisible(options: WordCounterOptions): void {
  if ((options.ngram ?? 1) > 1) throw invalidOption('ngram', '1 for parts', String(options.ngram));
  const { encoding } = resolveOptions(options);
  if (encoding !== undefined && encoding !== 'utf-8') {
    throw invalidOption(
      'encoding',
      'utf-8 for parts',
      typeof encoding === 'string' ? encoding : 'a detector',
    );
  }
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  if (length === 0) return EMPTY;
  const joined = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    joined.set(piece, at);
    at += piece.length;
  }
  return joined;
}
