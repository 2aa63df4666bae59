// The unicode tokenizer for any text, one character at a time: a translation of src/tokenize/unicode-tokenizer.ts, which explains it.
import {
  countGathered,
  endPlainRun,
  isDictionaryOffered,
  isLoneMark,
  isPlainCjk,
  MAX_RUN,
  presentRunText,
  setCharacter,
} from './cjk-words';
import { allocate } from './memory';
import {
  CLASS_MASK,
  DICTIONARY,
  foldedPair,
  foldingOf,
  isPlainLetter,
  propertiesOf,
  transition,
  WORD_LIKE,
} from './properties';
import { addWord } from './table';
import { validSize } from './utf8';
import { segmentRuns, tokenTruncated } from './warn';
import { countWord, countWords, maxTokenBytes } from './words';

const BOUNDARY: u32 = 0x20;
const BOUNDARY_BEFORE_WAITING: u32 = 0x40;
const WAITING: u32 = 0x80;
const STATE_MASK: u32 = 0x1f;
const FIRST_WAITING_STATE: u32 = 12;
const ZWJ: u32 = 5;
const PICTOGRAPHIC: u32 = 19;

// Runs for the dictionary are gathered, each with a line feed behind it, and handed over together, because each call of the host costs
// much. The order in which words are counted does not matter. Runs of plain Chinese and Japanese need no host where there is a dictionary.
const BATCH_BYTES: usize = 16384;
const MAX_BATCHED: usize = 4096;
const batch: usize = allocate(BATCH_BYTES + MAX_RUN * 4 + 16);
let batchBytes: usize = 0;
let runLength: u32 = 0;
/** Whether the present run needs nothing but the dictionary. */
let isPlainRun: bool = false;
/** Where each run of the batch began, for warnings. */
const runStarts: usize = allocate((MAX_BATCHED + 1) << 3);
let runs: usize = 0;
let presentRun: usize = 0;

const token: usize = allocate(65536 + 32);
let length: usize = 0;
let truncated: bool = false;
let tokenStart: f64 = 0;
let wordLike: bool = false;
let lengthBeforeWaiting: usize = 0;
let truncatedBeforeWaiting: bool = false;
let waitingStart: f64 = 0;
let state: u32 = 0;
let lastIsZwj: bool = false;

/** Begins anew at an offset before which there is a boundary. */
export function restartAt(offset: f64): void {
  state = 0;
  lastIsZwj = false;
  length = 0;
  truncated = false;
  wordLike = false;
  tokenStart = offset;
}

/** Takes a character whose bytes (`size` of them, valid UTF-8) are at an address. */
export function takeCharacter(codePoint: u32, address: usize, size: usize, offset: f64): void {
  const properties = propertiesOf(codePoint);
  const wordBreak = properties & CLASS_MASK;
  let decided = transition(state, wordBreak);
  state = decided & STATE_MASK;
  if (lastIsZwj && wordBreak >= PICTOGRAPHIC) decided &= ~BOUNDARY; // WB3c
  lastIsZwj = wordBreak == ZWJ;
  const joined = (decided & (BOUNDARY | WAITING)) == 0;
  const isDictionary = (properties & DICTIONARY) != 0;
  if (runLength > 0 && (joined || isDictionary)) {
    appendToRun(codePoint, address, size);
  } else if (isDictionary && !joined) {
    decideBoundaries(decided, offset);
    appendToRun(codePoint, address, size);
  } else {
    if (runLength > 0) endRun();
    if (!joined) decideBoundaries(decided, offset);
    const folding = foldingOf(properties);
    if (folding == 0) append(address, size);
    else appendFolding(folding);
    if ((properties & WORD_LIKE) != 0) wordLike = true;
  }
}

/** Takes the end of the text. */
export function endOfText(offset: f64): void {
  endRun();
  if (state >= FIRST_WAITING_STATE) dropWaiting();
  endToken(offset);
  flushRuns();
  countGathered();
}

function decideBoundaries(decided: u32, offset: f64): void {
  if ((decided & BOUNDARY_BEFORE_WAITING) != 0) {
    dropWaiting();
    endToken(waitingStart);
  }
  if ((decided & BOUNDARY) != 0) endToken(offset);
  if ((decided & WAITING) != 0) {
    lengthBeforeWaiting = length;
    truncatedBeforeWaiting = truncated;
    waitingStart = offset;
  }
}

/** Takes the character that waited, and marks behind it, back out of the word. */
function dropWaiting(): void {
  length = min(length, lengthBeforeWaiting);
  truncated = truncatedBeforeWaiting;
}

function append(address: usize, size: usize): void {
  if (truncated) return;
  if (length + size > <usize>maxTokenBytes) {
    truncated = true;
    return;
  }
  // All characters have up to four bytes, and the buffers have room behind their end.
  store<u32>(token + length, load<u32>(address));
  length += size;
}

/** A folding is one or more characters, and a word may be cut between them. */
function appendFolding(folding: usize): void {
  const end = folding + 1 + <usize>load<u8>(folding);
  for (let at = folding + 1; at < end; ) {
    const size = sizeOf(load<u8>(at));
    append(at, size);
    at += size;
  }
}

/** How many bytes a character has, by its first. */
export function sizeOf(lead: u32): usize {
  return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/** The character at an address where there is valid UTF-8. */
export function decodeValid(address: usize, size: usize): u32 {
  const a = <u32>load<u8>(address);
  if (size == 1) return a;
  const b = <u32>load<u8>(address, 1) & 0x3f;
  if (size == 2) return ((a & 0x1f) << 6) | b;
  const c = <u32>load<u8>(address, 2) & 0x3f;
  if (size == 3) return ((a & 0x0f) << 12) | (b << 6) | c;
  return ((a & 0x07) << 18) | (b << 12) | (c << 6) | (<u32>load<u8>(address, 3) & 0x3f);
}

function endToken(nextStart: f64): void {
  if (wordLike) {
    addWord(token, <u32>length, 1);
    countWord();
    if (truncated) tokenTruncated(tokenStart);
    wordLike = false;
  }
  length = 0;
  truncated = false;
  tokenStart = nextStart;
}

function appendToRun(codePoint: u32, address: usize, size: usize): void {
  // Words of up to 20 characters; a limit on words that might cut one is left to the slow way.
  if (runLength == 0) isPlainRun = isDictionaryOffered && maxTokenBytes >= 60;
  if (isPlainRun && isPlainCjk(codePoint)) setCharacter(runLength, codePoint, load<u32>(address));
  else {
    leavePlainRun();
    store<u32>(batch + batchBytes, load<u32>(address));
    batchBytes += size;
  }
  if (++runLength >= MAX_RUN) endRun();
}

/** Hands what the present run has so far to the host. */
function leavePlainRun(): void {
  if (!isPlainRun) return;
  isPlainRun = false;
  const bytes = <usize>runLength * 3;
  memory.copy(batch + batchBytes, presentRunText(), bytes);
  batchBytes += bytes;
}

/**
 * Takes ideographs and hiragana behind such in a plain run, and more such runs with punctuation and white space between them, which is most of Chinese
 * and Japanese: there is a boundary before each, which the dictionary decides about. Answers where something else stands. Four bytes behind the end
 * must be readable.
 */
export function takeIdeographs(from: usize, end: usize, offsetAt0: f64): usize {
  if (runLength == 0 || !isPlainRun || state != IDEOGRAPH_STATE) return from;
  let at = takeRun(from, end);
  while (runLength > 0) {
    const next = behindSeparators(at, end);
    if (next == at) break;
    endRun();
    // The last one may have been left to the host; the next is plain again.
    isPlainRun = true;
    tokenStart = offsetAt0 + <f64>next;
    at = takeRun(next, end);
  }
  return at;
}

function takeRun(from: usize, end: usize): usize {
  const last = min(end - 2, from + <usize>(MAX_RUN - runLength) * 3);
  let at = from;
  let index = runLength;
  for (; at < last; at += 3) {
    const bytes = load<u32>(at);
    const codePoint = ideographIn(bytes);
    if (codePoint == 0) break;
    setCharacter(index++, codePoint, bytes);
  }
  runLength = index;
  if (runLength >= MAX_RUN) endRun();
  return at;
}

/** The ideograph or hiragana in the low three bytes, or 0. */
function ideographIn(bytes: u32): u32 {
  const codePoint = ((bytes & 0x0f) << 12) | ((bytes >> 2) & 0xfc0) | ((bytes >> 16) & 0x3f);
  const isIdeograph =
    (bytes & 0xc0c0f0) == 0x8080e0 && (codePoint - 0x4e00 < 0x5200 || codePoint - 0x3041 < 0x56);
  return isIdeograph ? codePoint : 0;
}

/** Where the next ideograph stands, if nothing but a few separators is before it; else `from`. */
function behindSeparators(from: usize, end: usize): usize {
  let at = from;
  for (let separators = 0; separators < MOST_SEPARATORS && at + 4 <= end; separators++) {
    const size = validSize(at);
    if (size == 0) return from;
    const properties = propertiesOf(decodeValid(at, size));
    if ((properties & (WORD_LIKE | DICTIONARY)) != 0 || ((SEPARATORS >> (properties & CLASS_MASK)) & 1) == 0)
      return from;
    at += size;
    if (at + 3 <= end && ideographIn(load<u32>(at)) != 0) return at;
  }
  return from;
}

const MOST_SEPARATORS = 4;
/** Classes (src/tokenize/word-break-class.ts) that join nothing to an ideograph: Other, CR, LF, Newline, quotes, Mid…, WSegSpace. */
const SEPARATORS: u32 = 0x4f80f;

function endRun(): void {
  if (runLength == 0) return;
  if (isPlainRun && !isLoneMark(runLength)) {
    endPlainRun(runLength);
    runLength = 0;
    return;
  }
  leavePlainRun();
  runLength = 0;
  store<u8>(batch + batchBytes, 0x0a);
  batchBytes++;
  store<f64>(runStarts + (runs << 3), tokenStart);
  runs++;
  if (batchBytes >= BATCH_BYTES || runs == MAX_BATCHED) flushRuns();
}

/** Between runs no word is open, so the buffer for words is free. */
function flushRuns(): void {
  if (runs == 0) return;
  const nextStart = tokenStart;
  presentRun = 0;
  segmentRuns(batch, <u32>batchBytes);
  tokenStart = nextStart;
  runs = 0;
  batchBytes = 0;
}

/**
 * Counts the words of a batch, each with a zero byte behind it, each run with a line feed: the host calls it while it is in `segmentRuns`.
 */
export function addSegments(from: usize, end: usize): void {
  for (let at = from; at < end; at++) {
    if (load<u8>(at) == 0x0a) {
      presentRun++;
      continue;
    }
    const word = at;
    while (load<u8>(at) != 0) at++;
    addSegment(word, at);
  }
}

function addSegment(from: usize, end: usize): void {
  for (let at = from; at < end; ) {
    const size = sizeOf(load<u8>(at));
    const folding = foldingOf(propertiesOf(decodeValid(at, size)));
    if (folding == 0) append(at, size);
    else appendFolding(folding);
    at += size;
  }
  wordLike = true;
  tokenStart = load<f64>(runStarts + (presentRun << 3));
  endToken(tokenStart);
}

/** Behind a character of no word break class, as ideographs and hiragana are. */
const IDEOGRAPH_STATE: u32 = 1;
const SPACE_STATE: u32 = 4;
const LETTER_STATE: u32 = 5;

/** Whether the last character was a space, and no word is open. */
export function isAfterSpace(): bool {
  return state == SPACE_STATE;
}

/**
 * Takes letters, and words of letters with a space behind each, which is most of most texts: nothing has to be decided between letters
 * (WB5), and the rest is known. Answers where something else stands. Four bytes behind the end must be readable.
 */
export function takeWords(from: usize, end: usize, offsetAt0: f64): usize {
  if ((state != LETTER_STATE && state != SPACE_STATE) || runLength > 0 || truncated) return from;
  let size = state == LETTER_STATE ? length : 0;
  // Where the open word begins; 0 if it did before.
  let start: usize = state == LETTER_STATE ? 0 : from;
  let at = from;
  let found: u64 = 0;
  while (true) {
    while (at < end && size + 4 <= <usize>maxTokenBytes) {
      const bytes = load<u32>(at);
      if ((bytes & 0xfe) == 0xd0 && at + 16 <= end && size + 16 <= <usize>maxTokenBytes) {
        const letters = foldCyrillic(at, token + size);
        size += letters;
        at += letters;
        // Most words end here.
        if (letters > 0 && load<u8>(at) < 0x41) break;
        if (letters > 0) continue;
      }
      const pair = foldedPair(bytes);
      if (pair != 0) {
        if (at + 2 > end) break;
        store<u16>(token + size, <u16>pair);
        size += 2;
        at += 2;
      } else if (((bytes | 0x20) & 0xff) - 0x61 < 26) {
        store<u8>(token + size, <u8>(bytes | 0x20));
        size++;
        at++;
      } else {
        if ((bytes & 0xf0) != 0xe0 || at + 3 > end || validSize(at) != 3) break;
        const properties = propertiesOf(decodeValid(at, 3));
        if (!isPlainLetter(properties) || foldingOf(properties) != 0) break;
        store<u32>(token + size, bytes);
        size += 3;
        at += 3;
      }
    }
    if (at >= end || load<u8>(at) != 0x20 || size == 0) break;
    addWord(token, <u32>size, 1);
    found++;
    size = 0;
    at++;
    start = at;
  }
  countWords(found);
  if (at > from) leaveAt(size, start == 0 ? tokenStart : offsetAt0 + <f64>start);
  return at;
}

/**
 * Folds up to eight letters of Russian and its relatives (U+0400 to U+045F) at an address, and puts them, and what is behind them, into the word.
 * Answers their bytes.
 */
function foldCyrillic(from: usize, to: usize): usize {
  const bytes = v128.load(from);
  const point = v128.or(
    i16x8.shl(v128.and(bytes, i16x8.splat(0x1f)), 6),
    v128.and(i16x8.shr_u(bytes, 8), i16x8.splat(0x3f)),
  );
  const isPair = i16x8.eq(v128.and(bytes, i16x8.splat(<i16>0xc0e0)), i16x8.splat(<i16>0x80c0));
  const others = ~i16x8.bitmask(
    v128.and(isPair, i16x8.lt_u(i16x8.sub(point, i16x8.splat(0x400)), i16x8.splat(0x60))),
  );
  // А to Я are 0x20 before their small letters, Ѐ to Џ before them 0x30 more.
  const isCapital = i16x8.lt_u(point, i16x8.splat(0x430));
  const isFirst = i16x8.lt_u(point, i16x8.splat(0x410));
  const small = i16x8.add(
    i16x8.add(point, v128.and(isCapital, i16x8.splat(0x20))),
    v128.and(isFirst, i16x8.splat(0x30)),
  );
  const folded = v128.or(
    v128.or(i16x8.shr_u(small, 6), i16x8.shl(v128.and(small, i16x8.splat(0x3f)), 8)),
    i16x8.splat(<i16>0x80c0),
  );
  v128.store(to, folded);
  return (<usize>min(ctz(others), 8)) << 1;
}

/** The state after letters that are open, or after a space. */
function leaveAt(size: usize, start: f64): void {
  state = size > 0 ? LETTER_STATE : SPACE_STATE;
  lastIsZwj = false;
  wordLike = size > 0;
  length = size;
  tokenStart = start;
}
