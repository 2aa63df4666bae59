// The unicode tokenizer for any text, one character at a time: src/tokenize/unicode-tokenizer.ts in
// AssemblyScript. The rules of UAX #29 are in the table of transitions that the host loads
// (src/tokenize/word-break-automaton.ts); a comment names the rule of what is decided here instead.
import { foldCyrillic } from './cyrillic';
import { appendToRun, countRuns, endRun, runLength } from './dictionary-runs';
import {
  BOUNDARY,
  BOUNDARY_BEFORE_WAITING,
  CLASS_EXTEND,
  CLASS_FORMAT,
  CLASS_MASK,
  CLASS_PICTOGRAPHIC,
  CLASS_ZWJ,
  DICTIONARY,
  STATE_HEBREW,
  STATE_LETTER,
  STATE_LETTER_WAITING,
  STATE_MASK,
  STATE_OTHER,
  STATE_SPACE,
  STATE_START,
  WAITING,
  WAITING_JOINED,
  WORD_LIKE,
} from './generated/shared-constants';
import {
  append,
  appendFolding,
  beginWordAt,
  dropWaiting,
  endWord,
  isTruncated,
  isWord,
  joinWaiting,
  openWord,
  setIsWord,
  setWordStart,
  takeDropped,
  waitAt,
  wordAddress,
  wordLength,
  wordStart,
} from './open-word';
import {
  foldedPair,
  foldingOf,
  isHebrewLetter,
  isMark,
  isPlainLetter,
  isWhiteSpace,
  propertiesOf,
  transition,
} from './properties';
import { addWord } from './table';
import { decodeValid, sizeOf, validSize } from './utf8';
import { countWords, maxTokenBytes } from './words';

let state: u32 = 0;
let lastIsZwj: bool = false;

/** Forgets the text so far: there is a boundary before `offset`. */
export function restartAt(offset: f64): void {
  state = STATE_START;
  lastIsZwj = false;
  beginWordAt(offset);
}

/** Reads a character, whose `size` bytes of valid UTF-8 are at `address`. */
export function takeCharacter(codePoint: u32, address: usize, size: usize, offset: f64): void {
  const properties = propertiesOf(codePoint);
  const wordBreak = properties & CLASS_MASK;
  let decided = transition(state, wordBreak);
  state = decided & STATE_MASK;
  if (lastIsZwj && wordBreak >= CLASS_PICTOGRAPHIC) decided &= ~BOUNDARY; // WB3c
  lastIsZwj = wordBreak == CLASS_ZWJ;
  const joined = (decided & (BOUNDARY | WAITING)) == 0;
  const isDictionary = (properties & DICTIONARY) != 0;
  if (runLength > 0 && (joined || isDictionary)) {
    appendToRun(codePoint, address, size);
  } else if (isDictionary && !joined) {
    decideBoundaries(decided, offset);
    appendToRun(codePoint, address, size);
  } else {
    if (runLength > 0) endRun();
    // There may be something to decide even if this character is joined by a ZWJ (WB3c).
    if (decided > STATE_MASK) decideBoundaries(decided, offset);
    const folding = foldingOf(properties);
    if (folding != 0) appendFolding(folding);
    // White space is never part of a word, not even where a ZWJ joins it to a letter like Ⓜ (WB3c).
    else if (isWhiteSpace(wordBreak)) setWordStart(offset + <f64>size);
    else append(address, size);
    if ((properties & WORD_LIKE) != 0) setIsWord();
  }
}

/** Ends the text (WB2). */
export function endOfText(offset: f64): void {
  endRun();
  if (state >= STATE_LETTER_WAITING) dropWaiting();
  endWord(offset);
  countRuns();
}

function decideBoundaries(decided: u32, offset: f64): void {
  if ((decided & WAITING_JOINED) != 0) joinWaiting();
  if ((decided & BOUNDARY_BEFORE_WAITING) != 0) {
    endWord(dropWaiting());
    // Alone, what was waiting is not a word, but a ZWJ may join it to the current character (WB3c).
    if ((decided & BOUNDARY) == 0) takeDropped();
  }
  if ((decided & BOUNDARY) != 0) endWord(offset);
  if ((decided & WAITING) != 0) waitAt(offset);
}

/** Whether the last character was of the class Other, as ideographs and hiragana are. */
export function isAfterIdeograph(): bool {
  return state == STATE_OTHER;
}

/**
 * Whether no word is open and ASCII text starts a new one: after white space, and after punctuation (WB999).
 * (The states up to `STATE_SPACE` are these.)
 */
export function isBetweenWords(): bool {
  return state <= STATE_SPACE && !isWord && runLength == 0;
}

/** Whether bit masks are worthwhile: the next 16 bytes are ASCII. If not, the first byte usually shows it. */
export function isAsciiAhead(at: usize, end: usize): bool {
  return at + 16 <= end && load<u8>(at) < 0x80 && !v128.any_true(v128.and(v128.load(at), i8x16.splat(-128)));
}

/**
 * Reads letters with their marks, and words of these with single spaces between them, which is most text:
 * there is no boundary between letters (WB5) or before marks (WB4), and there is one before and after a space
 * (WB999). Returns the address of the first other character, or of ASCII text, for which bit masks are
 * faster. Four bytes after the end must be readable.
 */
export function takeWords(from: usize, end: usize, offsetAt0: f64): usize {
  let at = takeLetters(from, end, offsetAt0);
  while (isInLetters() && runLength == 0) {
    const size = markSize(at, end);
    if (size == 0) break;
    lastIsZwj = false;
    append(at, size);
    at = takeLetters(at + size, end, offsetAt0);
  }
  return at;
}

/** As `takeWords`, without marks of two bytes. This is the hot loop: keep it as small as it is. */
function takeLetters(from: usize, end: usize, offsetAt0: f64): usize {
  const isOpen = isInLetters();
  if ((!isOpen && state != STATE_SPACE) || runLength > 0 || isTruncated) return from;
  let size = isOpen ? wordLength : 0;
  // The start of the open word; 0 if it started before `from`.
  let start: usize = isOpen ? 0 : from;
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
          // Most words end after their Cyrillic letters.
          if (load<u8>(at) < 0x41) break;
          continue;
        }
      }
      const pair = foldedPair(bytes);
      if (pair != 0) {
        // WB5: a letter of two bytes.
        if (at + 2 > end) break;
        store<u16>(wordAddress + size, <u16>pair);
        size += 2;
        at += 2;
      } else if (((bytes | 0x20) & 0xff) - 0x61 < 26) {
        store<u8>(wordAddress + size, <u8>(bytes | 0x20));
        size++;
        at++;
      } else {
        // WB5: a letter of three bytes; WB4: a mark of three bytes.
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

/** Returns the size of a mark that belongs to the letter before it (WB4); 0 if there is none. */
function markSize(at: usize, end: usize): usize {
  const size = validSize(at);
  if (size < 2 || size > 3 || at + size > end) return 0;
  const properties = propertiesOf(decodeValid(at, size));
  return isMark(properties) && foldingOf(properties) == 0 ? size : 0;
}

function isInLetters(): bool {
  return state == STATE_LETTER || state == STATE_HEBREW;
}

/** Whether the last letter of the open word is Hebrew. What WB4 ignores may follow it. */
function endsInHebrew(size: usize): bool {
  for (let at = wordAddress + size; at > wordAddress; ) {
    at--;
    while ((load<u8>(at) & 0xc0) == 0x80) at--;
    const properties = propertiesOf(decodeValid(at, sizeOf(load<u8>(at))));
    const wordBreak = properties & CLASS_MASK;
    const isIgnored = wordBreak == CLASS_EXTEND || wordBreak == CLASS_FORMAT || wordBreak == CLASS_ZWJ;
    if (!isIgnored) return isHebrewLetter(properties);
  }
  return false;
}

/** Sets the state after open letters, or after a space. */
function leaveAt(size: usize, start: f64): void {
  lastIsZwj = false;
  if (size > 0) {
    state = endsInHebrew(size) ? STATE_HEBREW : STATE_LETTER;
    openWord(size, start);
  } else {
    state = STATE_SPACE;
    beginWordAt(start);
  }
}
