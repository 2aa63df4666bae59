import type { TokenizerContext } from './byte-tokenizer.ts';
import { CLASS_MASK, characterTableWith } from './character-table.ts';
import { WordBreak } from './word-break-class.ts';

/** Longer words are left to the automaton. */
const LONGEST = 64;

/** How many bytes after a word's start may be read. */
const ROOM = LONGEST + 8;

/**
 * V8 switches to optimized code best when a function is called again, so long work is done in several calls.
 */
const AT_A_TIME = 2048;

/** Part of a word, or not ASCII. */
const PART = 0;
/** Between words, whatever stands before and after it. */
const SEPARATOR = 1;
/** Joins two letters or two digits, and is a separator elsewhere (WB6, WB7, WB11, WB12). */
const JOINER = 2;

/** Byte → `PART`, `SEPARATOR` or `JOINER`. */
const KINDS: Uint8Array = /* @__PURE__ */ kindsOfBytes();

function kindsOfBytes(): Uint8Array {
  const kinds = new Uint8Array(256);
  const characters = characterTableWith(0);
  for (let byte = 0; byte < 0x80; byte += 1) kinds[byte] = kindOf((characters[byte] as number) & CLASS_MASK);
  return kinds;
}

function kindOf(wordBreak: number): number {
  switch (wordBreak) {
    case WordBreak.ALetter:
    case WordBreak.Numeric:
    case WordBreak.ExtendNumLet:
      return PART;
    case WordBreak.MidLetter:
    case WordBreak.MidNum:
    case WordBreak.MidNumLet:
    case WordBreak.SingleQuote:
      return JOINER;
    default:
      return SEPARATOR;
  }
}

/**
 * Counts words of ASCII letters and digits with a separator on both sides, which most words of Latin texts
 * are, without the automaton: four bytes at a time.
 */
export class AsciiWords {
  /** The number of words so far. */
  words = 0;
  readonly #context: TokenizerContext;
  /** Room for a word of 9 to 64 bytes. */
  readonly #longer: Uint8Array = new Uint8Array(LONGEST);
  readonly #longerView: DataView = new DataView(this.#longer.buffer);

  constructor(context: TokenizerContext) {
    this.#context = context;
  }

  /**
   * Counts words from `from` on, which is between words. Returns where it stopped, also between words: before
   * a word that the automaton must decide, or close to the end of the chunk.
   */
  read(chunk: Uint8Array, from: number): number {
    if (this.#context.maxTokenBytes < LONGEST) return from;
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const last = chunk.length - ROOM;
    let at = from;
    while (at < last) {
      const end = Math.min(at + AT_A_TIME, last);
      at = this.#readUntil(chunk, view, at, end);
      if (at < end) break;
    }
    return at;
  }

  #readUntil(chunk: Uint8Array, view: DataView, from: number, end: number): number {
    const { words, keepCase } = this.#context;
    let found = 0;
    let at = from;
    while (at < end) {
      const first = view.getInt32(at, true);
      const second = view.getInt32(at + 4, true);
      const firstLetters = lettersOf(first);
      const secondLetters = lettersOf(second);
      // The length of a word cannot be predicted, so there is no branch.
      const firstKept = beforeOthers(firstLetters | digitsOf(first));
      const secondKept = beforeOthers(secondLetters | digitsOf(second)) & (firstKept >> 31);
      let length = (64 - Math.clz32(firstKept) - Math.clz32(secondKept)) >> 3;
      if (length === 8 && KINDS[chunk[at + 8] as number] === PART) {
        length = this.#copyLonger(view, at);
        if (length === 0) break;
      }
      const next = KINDS[chunk[at + length] as number];
      if (next !== SEPARATOR) {
        if (next === PART) break;
        if (length > 0 && KINDS[chunk[at + length + 1] as number] === PART) break;
      }
      if (length > 8) {
        words.add(this.#longer, length);
        found += 1;
      } else if (length > 0) {
        const low = (keepCase ? first : lowerCased(first, firstLetters)) & firstKept;
        const high = (keepCase ? second : lowerCased(second, secondLetters)) & secondKept;
        words.addShort(low, high, length);
        found += 1;
      }
      at += length + 1;
    }
    this.words += found;
    return at;
  }

  /** Copies a word in the form that is counted. Returns its length, or 0 if it is too long. */
  #copyLonger(view: DataView, at: number): number {
    const { keepCase } = this.#context;
    for (let from = 0; from < LONGEST; from += 4) {
      const bytes = view.getInt32(at + from, true);
      const letters = lettersOf(bytes);
      const kept = beforeOthers(letters | digitsOf(bytes));
      this.#longerView.setInt32(from, keepCase ? bytes : lowerCased(bytes, letters), true);
      if (kept !== -1) return from + ((32 - Math.clz32(kept)) >> 3);
    }
    return 0;
  }
}

/** Returns the index after the next separator that an ASCII character follows, or the end. */
export function endOfMixedWords(chunk: Uint8Array, from: number): number {
  for (let at = from + 1; at < chunk.length; at += 1) {
    if (KINDS[chunk[at - 1] as number] === SEPARATOR && (chunk[at] as number) < 0x80) return at;
  }
  return chunk.length;
}

const HIGH_BITS = 0x80808080;

/** Of four bytes, returns the highest bit of each that is an ASCII letter. */
function lettersOf(bytes: number): number {
  const lower = (bytes & ~HIGH_BITS) | 0x20202020;
  return (lower + 0x1f1f1f1f) & ~(lower + 0x05050505) & ~bytes & HIGH_BITS;
}

/** Of four bytes, returns the highest bit of each that is an ASCII digit. */
function digitsOf(bytes: number): number {
  const lower = bytes & ~HIGH_BITS;
  return (lower + 0x50505050) & ~(lower + 0x46464646) & ~bytes & HIGH_BITS;
}

/** Returns all bits of the bytes before the first whose highest bit is not set. */
function beforeOthers(marked: number): number {
  const found = (~marked & HIGH_BITS) >>> 7;
  return ~found & (found - 1);
}

/** Lower-cases four bytes; `letters` has the highest bit of each letter. */
function lowerCased(bytes: number, letters: number): number {
  return bytes | (letters >>> 2);
}
