import { isSpace } from './charset/held-text.ts';
import { joinBytes } from './charset/join-bytes.ts';
import { spellerOf } from './count/readable-words.ts';
import type { TableEntries } from './count/word-table.ts';
import { WordCounter } from './counter.ts';
import { invalidOption } from './errors.ts';
import { foundCounts } from './line-ends/found-counts.ts';
import { joinLineEnds } from './line-ends/join-line-ends.ts';
import { firstSafeCut, lastSafeCut } from './line-ends/safe-cut.ts';
import { mergeCounts } from './merge-counts.ts';
import { resolveOptions, type WordCounterOptions } from './options.ts';
import type { WordCounts } from './word-counts.ts';

/**
 * A piece of a UTF-8 text, counted without its neighbours. ASCII white space ends a word for every tokenizer,
 * so the text between the first and the last white space is counted, and the rest waits for the neighbours. With
 * `dehyphenate`, white space after a hyphen does not end head and tail.
 */
export interface Part {
  /** The bytes before the first ASCII white space; all bytes if there is none. */
  readonly head: Uint8Array;
  /** The counts of the text between; undefined if there is no white space. */
  readonly counts: WordCounts | undefined;
  /** The bytes after the last white space. */
  readonly tail: Uint8Array;
  /** With `dehyphenate`: the words that hyphens divide, which {@link finishPart} joins. They belong to the part. */
  readonly hyphens?: WordCounts | undefined;
}

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
      const first = firstCut(this.#head, chunk, this.#options);
      this.#head.push(chunk.slice(0, first < 0 ? chunk.length : first));
      if (first < 0) return;
      this.#counter = innerCounter(this.#options);
      rest = chunk.subarray(first);
    }
    const last = lastCut(this.#tail, rest, this.#options);
    if (last > 0) {
      for (const kept of this.#tail) this.#counter.push(kept);
      this.#counter.push(rest.subarray(0, last));
      this.#tail = [];
    }
    this.#tail.push(rest.slice(Math.max(last, 0)));
  }

  /** Takes the end of the piece. */
  finish(): Part {
    const { counts, hyphens } = this.#counter?.finishPiece() ?? {};
    return { head: joinBytes(this.#head), counts, tail: joinBytes(this.#tail), ...hyphensOf(hyphens) };
  }
}

/** Returns how many bytes of a chunk belong to the head, which has some already; −1 if all do. */
function firstCut(head: readonly Uint8Array[], chunk: Uint8Array, options: WordCounterOptions): number {
  if (options.dehyphenate !== true) return chunk.findIndex(isSpace);
  const before = lastBytes(head);
  const cut = firstSafeCut(joinBytes([before, chunk]));
  return cut < 0 ? -1 : cut - before.length;
}

/** Returns where in a chunk the tail begins; 0 or less if the chunk only continues the tail that there is. */
function lastCut(tail: readonly Uint8Array[], chunk: Uint8Array, options: WordCounterOptions): number {
  if (options.dehyphenate !== true) return chunk.findLastIndex(isSpace) + 1;
  const before = lastBytes(tail);
  return lastSafeCut(joinBytes([before, chunk])) - before.length;
}

/** The bytes that decide whether a place soon after them is a safe cut. */
function lastBytes(pieces: readonly Uint8Array[]): Uint8Array {
  return joinBytes(pieces.slice(-2).map((piece) => piece.subarray(-2))).slice(-2);
}

function hyphensOf(found: TableEntries | undefined): Pick<Part, 'hyphens'> {
  return found === undefined ? {} : { hyphens: foundCounts(found) };
}

/**
 * Merges two neighbouring parts into one. The operation is associative: parts may be merged in any order that
 * keeps neighbours together.
 */
export function mergeParts(left: Part, right: Part, options: WordCounterOptions = {}): Part {
  if (left.counts === undefined) return { ...right, head: joinBytes([left.head, right.head]) };
  if (right.counts === undefined) return { ...left, tail: joinBytes([left.tail, right.head]) };
  const middle = countPiece(innerCounter(options), joinBytes([left.tail, right.head]));
  return {
    head: left.head,
    counts: mergeInOrder([left.counts, middle.counts, right.counts]),
    tail: right.tail,
    ...mergeHyphens([left, middle, right]),
  };
}

/** Returns the counts of a part that is the whole text. */
export function finishPart(part: Part, options: WordCounterOptions = {}): WordCounts {
  const first = countPiece(new WordCounter(options), part.head);
  const { head: _, tail, counts: inner, hyphens: found } = part;
  const pieces: Piece[] = [first];
  if (inner !== undefined)
    pieces.push({ counts: inner, hyphens: found }, countPiece(innerCounter(options), tail));
  const counts = mergeInOrder(pieces.map((piece) => piece.counts)).withEncoding(first.counts.encoding);
  const { hyphens } = mergeHyphens(pieces);
  if (hyphens === undefined) return counts;
  return joinLineEnds(counts, hyphens.entries(), spellerOf(resolveOptions(options)));
}

/** A piece of a text that begins and ends where parts may. */
interface Piece extends Pick<Part, 'hyphens'> {
  readonly counts: WordCounts;
}

function mergeHyphens(pieces: readonly Pick<Part, 'hyphens'>[]): Pick<Part, 'hyphens'> {
  const all = pieces.flatMap(({ hyphens }) => (hyphens === undefined ? [] : [hyphens]));
  return all.length === 0 ? {} : { hyphens: mergeCounts(all) };
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

function countPiece(counter: WordCounter, bytes: Uint8Array): Piece {
  counter.push(bytes);
  const { counts, hyphens } = counter.finishPiece();
  return { counts, ...hyphensOf(hyphens) };
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
