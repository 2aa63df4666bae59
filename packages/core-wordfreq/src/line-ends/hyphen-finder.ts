import { isSpace } from '../charset/held-text.ts';
import { joinBytes } from '../charset/join-bytes.ts';
import { type TableEntries, WordTable } from '../count/word-table.ts';
import type { ResolvedOptions } from '../options.ts';
import { lastSafeCut } from './safe-cut.ts';
import { FragmentWords } from './words-of-fragment.ts';

/** What a key has between the words that a hyphen divides: at the end of a line, and within a line. */
export const AT_LINE_END = '\n';
export const IN_LINE = '-';

/** What a finder found, and the end of the text that it has not looked at yet. */
export interface FinderState {
  /** Two words with {@link AT_LINE_END} or {@link IN_LINE} between them, and how often they stand there. */
  readonly found: TableEntries;
  readonly rest: Uint8Array;
}

const HYPHEN = 0x2d;
const LINE_FEED = 0x0a;
/** The longest text without a safe cut that is kept. Natural texts have white space long before. */
const MAX_REST_BYTES = 16 * 1024;
/** The longest part of a word, in bytes. */
const MAX_PART_BYTES = 256;
/** How many pairs of parts are remembered, because most of them occur again. */
const MAX_KNOWN = 4096;

const EMPTY = new Uint8Array();

/**
 * Finds words that hyphens divide: at line ends, where `join-line-ends.ts` later decides whether they are one word, and
 * within lines, which shows the hyphens that are always there. It reads the same text as the engine, which counts
 * both parts as words. A line end may have white space before it, and after it, but no empty line.
 */
export class HyphenFinder {
  readonly #words: FragmentWords;
  readonly #found = new WordTable();
  readonly #known = new Map<string, string | undefined>();
  #rest: Uint8Array;

  constructor(options: ResolvedOptions, state?: FinderState) {
    this.#words = new FragmentWords(options);
    this.#rest = state?.rest ?? EMPTY;
    if (state !== undefined) this.#found.addAll(state.found);
  }

  /** Takes the bytes that follow, as UTF-8. They are not kept. */
  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : joinBytes([this.#rest, chunk]);
    const cut = lastSafeCut(bytes);
    const end = cut < 0 && bytes.length > MAX_REST_BYTES ? bytes.length : Math.max(cut, 0);
    this.#look(bytes.subarray(0, end));
    this.#rest = bytes.slice(end);
  }

  /** Takes the end of the text, and returns everything that was found. */
  finish(): TableEntries {
    this.#look(this.#rest);
    this.#rest = EMPTY;
    return this.#found.entries();
  }

  get state(): FinderState {
    return { found: this.#found.entries(), rest: this.#rest };
  }

  #look(bytes: Uint8Array): void {
    for (let at = bytes.indexOf(HYPHEN); at >= 0; at = bytes.indexOf(HYPHEN, at + 1)) {
      if (mayBeLetter(bytes[at - 1]) && mayBeLetter(bytes[at + 1])) this.#note(bytes, at, at + 1, IN_LINE);
    }
    for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) {
      let before = at;
      while (before > 0 && isSpace(bytes[before - 1] as number) && bytes[before - 1] !== LINE_FEED)
        before -= 1;
      const hyphen = before - hyphenBytes(bytes, before);
      if (hyphen === before) continue;
      let after = at + 1;
      while (after < bytes.length && isSpace(bytes[after] as number) && bytes[after] !== LINE_FEED)
        after += 1;
      if (!isDividedAgain(bytes, hyphen, after)) this.#note(bytes, hyphen, after, AT_LINE_END);
    }
  }

  /** Notes the words that end at `leftEnd` and begin at `rightStart`, if there are such words. */
  #note(bytes: Uint8Array, leftEnd: number, rightStart: number, between: string): void {
    const [from, to] = [startOfPart(bytes, leftEnd), endOfPart(bytes, rightStart)];
    if (leftEnd - from > MAX_PART_BYTES || to - rightStart > MAX_PART_BYTES) return;
    const left = decoder.decode(bytes.subarray(from, leftEnd));
    const right = decoder.decode(bytes.subarray(rightStart, to));
    const parts = `${left}${between}${right}`;
    let key = this.#known.get(parts);
    if (key === undefined && !this.#known.has(parts)) {
      key = this.#keyOf(left, right, between);
      if (this.#known.size === MAX_KNOWN) this.#known.clear();
      this.#known.set(parts, key);
    }
    if (key === undefined) return;
    const encoded = encoder.encode(key);
    this.#found.add(encoded, encoded.length);
  }

  #keyOf(left: string, right: string, between: string): string | undefined {
    if (!ENDS_IN_LETTER.test(left) || !BEGINS_WITH_LETTER.test(right)) return undefined;
    // A name after a hyphen keeps its capital, and so its hyphen; all may be capitals.
    if (between === AT_LINE_END && BEGINS_WITH_CAPITAL.test(right) && !ENDS_IN_CAPITAL.test(left)) {
      return undefined;
    }
    const [first, second] = [this.#words.of(left).at(-1), this.#words.of(right)[0]];
    return first === undefined || second === undefined ? undefined : `${first}${between}${second}`;
  }
}

const ENDS_IN_LETTER = /\p{L}\p{M}*$/u;
const BEGINS_WITH_LETTER = /^\p{L}/u;
const ENDS_IN_CAPITAL = /\p{Lu}\p{M}*$/u;
const BEGINS_WITH_CAPITAL = /^\p{Lu}/u;

/** Returns how many bytes the hyphen before `end` has: U+002D, U+2010 or U+00AD; 0 if there is none. */
function hyphenBytes(bytes: Uint8Array, end: number): number {
  const [third, second, last] = [bytes[end - 3], bytes[end - 2], bytes[end - 1]];
  if (last === HYPHEN) return 1;
  if (last === 0xad && second === 0xc2) return 2;
  return last === 0x90 && second === 0x80 && third === 0xe2 ? 3 : 0;
}

/** Whether the word before a line end begins after another divided line, or the one after it ends in one. */
function isDividedAgain(bytes: Uint8Array, hyphen: number, after: number): boolean {
  const to = endOfPart(bytes, after);
  const isDividedAfter =
    bytes[to] === HYPHEN && (to + 1 === bytes.length || isSpace(bytes[to + 1] as number));
  let from = startOfPart(bytes, hyphen);
  if (from === 0 || !isSpace(bytes[from - 1] as number)) return isDividedAfter;
  while (from > 0 && isSpace(bytes[from - 1] as number)) from -= 1;
  return isDividedAfter || hyphenBytes(bytes, from) > 0;
}

function mayBeLetter(byte = 0): boolean {
  return byte >= 0x80 || (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x41 && byte <= 0x5a);
}

function isPart(byte: number | undefined): boolean {
  return byte !== undefined && byte !== HYPHEN && !isSpace(byte);
}

/** Parts end at white space and at hyphens, or are too long. */
function startOfPart(bytes: Uint8Array, end: number): number {
  let at = end;
  while (isPart(bytes[at - 1]) && end - at <= MAX_PART_BYTES) at -= 1;
  return at;
}

function endOfPart(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isPart(bytes[at]) && at - start <= MAX_PART_BYTES) at += 1;
  return at;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
