// Runs of text that a dictionary tells the words of: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
// Runs are gathered, each with a line feed behind it, and handed to the host together, because each call of it costs much. The order in
// which words are counted does not matter. Runs of plain Chinese and Japanese need no host where there is a dictionary.
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
import { append, appendFolding, endWord, setIsWord, setWordStart, wordStart } from './open-word';
import { CLASS_MASK, DICTIONARY, foldingOf, propertiesOf, WORD_LIKE } from './properties';
import { decodeValid, sizeOf, validSize } from './utf8';
import { segmentRuns } from './warn';
import { maxTokenBytes } from './words';

const BATCH_BYTES: usize = 16384;
const MAX_BATCHED: usize = 4096;
const batch: usize = allocate(BATCH_BYTES + MAX_RUN * 4 + 16);
let batchBytes: usize = 0;
/** Where each run of the batch began, for warnings. */
const runStarts: usize = allocate((MAX_BATCHED + 1) << 3);
let runs: usize = 0;
let presentRun: usize = 0;

/** Characters of the present run; 0 if there is none. */
export let runLength: u32 = 0;
/** Whether the present run needs nothing but the dictionary. */
let isPlainRun: bool = false;

export function appendToRun(codePoint: u32, address: usize, size: usize): void {
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
  if (runLength == 0 || !isPlainRun) return from;
  let at = takeRun(from, end);
  while (runLength > 0) {
    const next = behindSeparators(at, end);
    if (next == at) break;
    endRun();
    // The last one may have been left to the host; the next is plain again.
    isPlainRun = true;
    setWordStart(offsetAt0 + <f64>next);
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

export function endRun(): void {
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
  store<f64>(runStarts + (runs << 3), wordStart);
  runs++;
  if (batchBytes >= BATCH_BYTES || runs == MAX_BATCHED) flushRuns();
}

/** Counts the words of all runs that wait. */
export function countRuns(): void {
  endRun();
  flushRuns();
  countGathered();
}

/** Between runs no word is open, so the buffer for words is free. */
function flushRuns(): void {
  if (runs == 0) return;
  const nextStart = wordStart;
  presentRun = 0;
  segmentRuns(batch, <u32>batchBytes);
  setWordStart(nextStart);
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
  setIsWord();
  setWordStart(load<f64>(runStarts + (presentRun << 3)));
  endWord(wordStart);
}
