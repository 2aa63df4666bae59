// The unicode tokenizer for any text, one character at a time: a translation of src/tokenize/unicode-tokenizer.ts, which explains it.
import { foldCyrillic } from './cyrillic';
import { appendToRun, countRuns, endRun, runLength } from './dictionary-runs';
import {
  append,
  appendFolding,
  beginWordAt,
  dropWaiting,
  endWord,
  isTruncated,
  openWord,
  setIsWord,
  waitAt,
  wordAddress,
  wordLength,
  wordStart,
} from './open-word';
import {
  CLASS_MASK,
  DICTIONARY,
  foldedPair,
  foldingOf,
  isMark,
  isPlainLetter,
  propertiesOf,
  transition,
  WORD_LIKE,
} from './properties';
import { addWord } from './table';
import { decodeValid, validSize } from './utf8';
import { countWords, maxTokenBytes } from './words';

const BOUNDARY: u32 = 0x20;
const BOUNDARY_BEFORE_WAITING: u32 = 0x40;
const WAITING: u32 = 0x80;
const STATE_MASK: u32 = 0x1f;
const FIRST_WAITING_STATE: u32 = 12;
const ZWJ: u32 = 5;
const PICTOGRAPHIC: u32 = 19;

let state: u32 = 0;
let lastIsZwj: bool = false;

/** Begins anew at an offset before which there is a boundary. */
export function restartAt(offset: f64): void {
  state = 0;
  lastIsZwj = false;
  beginWordAt(offset);
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
    // Also if it joins what had been waiting, behind a ZWJ.
    if (decided > STATE_MASK) decideBoundaries(decided, offset);
    const folding = foldingOf(properties);
    if (folding == 0) append(address, size);
    else appendFolding(folding);
    if ((properties & WORD_LIKE) != 0) setIsWord();
  }
}

/** Takes the end of the text. */
export function endOfText(offset: f64): void {
  endRun();
  if (state >= FIRST_WAITING_STATE) dropWaiting();
  endWord(offset);
  countRuns();
}

function decideBoundaries(decided: u32, offset: f64): void {
  if ((decided & BOUNDARY_BEFORE_WAITING) != 0) endWord(dropWaiting());
  if ((decided & BOUNDARY) != 0) endWord(offset);
  if ((decided & WAITING) != 0) waitAt(offset);
}

const space: usize = memory.data<u8>([0x20, 0, 0, 0]);

/** Behind a character of no word break class, as ideographs and hiragana are. */
const IDEOGRAPH_STATE: u32 = 1;
const SPACE_STATE: u32 = 4;
const LETTER_STATE: u32 = 5;

/** Whether the last character was of no class, as those are that a dictionary knows by themselves. */
export function isBehindIdeograph(): bool {
  return state == IDEOGRAPH_STATE;
}

/** Whether the last character was a space, and no word is open. */
export function isAfterSpace(): bool {
  return state == SPACE_STATE;
}

/** Whether it is worth to go on by bit masks: the next 16 bytes are ASCII, and no space that would belong to one before. */
export function isAsciiAhead(at: usize, end: usize): bool {
  return (
    at + 16 <= end && load<u8>(at) - 0x21 < 0x5f && !v128.any_true(v128.and(v128.load(at), i8x16.splat(-128)))
  );
}

/**
 * Takes letters with their marks, and words of such with a space behind each, which is most of most texts: nothing has to be decided between
 * letters (WB5) or before marks (WB4), and the rest is known. Answers where something else stands, or ASCII that bit masks are better
 * for. Four bytes behind the end must be readable.
 */
export function takeWords(from: usize, end: usize, offsetAt0: f64): usize {
  let at = takeLetters(from, end, offsetAt0);
  while (state == LETTER_STATE && runLength == 0) {
    const size = markSize(at, end);
    if (size == 0) break;
    lastIsZwj = false;
    append(at, size);
    at = takeLetters(at + size, end, offsetAt0);
  }
  return at;
}

/** The same without marks of two bytes. The hot loop: it must stay as small as it is. */
function takeLetters(from: usize, end: usize, offsetAt0: f64): usize {
  if ((state != LETTER_STATE && state != SPACE_STATE) || runLength > 0 || isTruncated) return from;
  let size = state == LETTER_STATE ? wordLength : 0;
  // Where the open word begins; 0 if it did before.
  let start: usize = state == LETTER_STATE ? 0 : from;
  let at = from;
  let found: u64 = 0;
  while (true) {
    while (at < end && size + 4 <= <usize>maxTokenBytes) {
      const bytes = load<u32>(at);
      if ((bytes & 0xfe) == 0xd0 && at + 16 <= end && size + 16 <= <usize>maxTokenBytes) {
        const letters = foldCyrillic(at, wordAddress + size);
        size += letters;
        at += letters;
        if (letters > 0) {
          // Most words end here.
          if (load<u8>(at) < 0x41) break;
          continue;
        }
      }
      const pair = foldedPair(bytes);
      if (pair != 0) {
        if (at + 2 > end) break;
        store<u16>(wordAddress + size, <u16>pair);
        size += 2;
        at += 2;
      } else if (((bytes | 0x20) & 0xff) - 0x61 < 26) {
        store<u8>(wordAddress + size, <u8>(bytes | 0x20));
        size++;
        at++;
      } else {
        if ((bytes & 0xf0) != 0xe0 || at + 3 > end || validSize(at) != 3) break;
        const properties = propertiesOf(decodeValid(at, 3));
        const belongs = isPlainLetter(properties) || (isMark(properties) && size > 0);
        if (!belongs || foldingOf(properties) != 0) break;
        store<u32>(wordAddress + size, bytes);
        size += 3;
        at += 3;
      }
    }
    if (at >= end || load<u8>(at) != 0x20 || size == 0) break;
    addWord(wordAddress, <u32>size, 1);
    found++;
    size = 0;
    at++;
    start = at;
    if (isAsciiAhead(at, end)) break;
  }
  countWords(found);
  if (at > from) leaveAt(size, start == 0 ? wordStart : offsetAt0 + <f64>start);
  return at;
}

/** How many bytes a mark has that belongs to the letter before it; 0 if there is none. */
function markSize(at: usize, end: usize): usize {
  const size = validSize(at);
  if (size < 2 || size > 3 || at + size > end) return 0;
  const properties = propertiesOf(decodeValid(at, size));
  return isMark(properties) && foldingOf(properties) == 0 ? size : 0;
}

/** The state after letters that are open, or after a space, which may still become part of a word, before a ZWJ and a letter like Ⓜ. */
function leaveAt(size: usize, start: f64): void {
  lastIsZwj = false;
  if (size > 0) {
    state = LETTER_STATE;
    openWord(size, start);
  } else {
    state = SPACE_STATE;
    beginWordAt(start - 1);
    append(space, 1);
  }
}
