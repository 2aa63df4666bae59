// Runs of text that need a dictionary: Chinese, Japanese, Thai, Lao, Khmer, Burmese. Runs are gathered, each
// with a line feed after it, and passed to the host together, because a call of the host is expensive. The
// order in which words are counted does not matter. With a dictionary, plain runs of Chinese and Japanese do
// not need the host (cjk-words.ts).
import {
  countGathered,
  currentRunText,
  endPlainRun,
  isDictionaryOffered,
  isLoneMark,
  isPlainCjk,
  setCharacter,
} from './cjk-words';
import {
  CLASS_CR,
  CLASS_DOUBLE_QUOTE,
  CLASS_LF,
  CLASS_MASK,
  CLASS_MID_LETTER,
  CLASS_MID_NUM,
  CLASS_MID_NUM_LET,
  CLASS_NEWLINE,
  CLASS_OTHER,
  CLASS_SINGLE_QUOTE,
  CLASS_W_SEG_SPACE,
  CLASS_WHITE_SPACE,
  DICTIONARY,
  MAX_RUN,
  WORD_LIKE,
} from './generated/shared-constants';
import { segmentRuns } from './host';
import { allocate } from './memory';
import { append, appendFolding, endWord, setIsWord, setWordStart, wordStart } from './open-word';
import { foldingOf, propertiesOf } from './properties';
import { decodeValid, sizeOf, validSize } from './utf8';
import { maxTokenBytes } from './words';

const BATCH_BYTES: usize = 16384;
const MAX_BATCHED: usize = 4096;
/** Runs for the host: their UTF-8, each with a line feed after it. */
const batch: usize = allocate(BATCH_BYTES + MAX_RUN * 4 + 16);
let batchBytes: usize = 0;
/** Runs for the host: f64, the offset in the text of each run, for warnings. */
const runStarts: usize = allocate((MAX_BATCHED + 1) << 3);
let runs: usize = 0;
let currentRun: usize = 0;

/** The number of characters in the current run; 0 if there is none. */
export let runLength: u32 = 0;
/** Whether the dictionary alone can segment the current run. */
let isPlainRun: bool = false;

export function appendToRun(codePoint: u32, address: usize, size: usize): void {
  // Dictionary words have up to 20 characters. If `maxTokenBytes` might truncate one, the host segments.
  if (runLength == 0) isPlainRun = isDictionaryOffered && maxTokenBytes >= 60;
  if (isPlainRun && isPlainCjk(codePoint)) setCharacter(runLength, codePoint, load<u32>(address));
  else {
    leavePlainRun();
    store<u32>(batch + batchBytes, load<u32>(address));
    batchBytes += size;
  }
  if (++runLength >= MAX_RUN) endRun();
}

/** Moves what the current run has so far to the host's batch. */
function leavePlainRun(): void {
  if (!isPlainRun) return;
  isPlainRun = false;
  const bytes = <usize>runLength * 3;
  memory.copy(batch + batchBytes, currentRunText(), bytes);
  batchBytes += bytes;
}

/**
 * Takes ideographs and hiragana that continue a plain run, and more such runs with punctuation and white
 * space between them, which is most of Chinese and Japanese text. UAX #29 has a boundary before each (WB999),
 * so only the dictionary decides. Returns the address of the first other character. Four bytes after the end
 * must be readable.
 */
export function takeIdeographs(from: usize, end: usize, offsetAt0: f64): usize {
  if (runLength == 0 || !isPlainRun) return from;
  let at = takeRun(from, end);
  while (runLength > 0) {
    const next = afterSeparators(at, end);
    if (next == at) break;
    endRun();
    // The last run may have been left to the host; the next one starts as plain.
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

/** Returns the ideograph or hiragana in the low three bytes, or 0. */
function ideographIn(bytes: u32): u32 {
  const codePoint = ((bytes & 0x0f) << 12) | ((bytes >> 2) & 0xfc0) | ((bytes >> 16) & 0x3f);
  const isIdeograph =
    (bytes & 0xc0c0f0) == 0x8080e0 && (codePoint - 0x4e00 < 0x5200 || codePoint - 0x3041 < 0x56);
  return isIdeograph ? codePoint : 0;
}

/** Returns the address of the next ideograph if only a few separators precede it; else `from`. */
function afterSeparators(from: usize, end: usize): usize {
  let at = from;
  for (let separators = 0; separators < MAX_SEPARATORS && at + 4 <= end; separators++) {
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

const MAX_SEPARATORS = 4;
/**
 * A bit for each class whose characters join nothing to an ideograph, so that there is a boundary on both
 * sides (WB999).
 */
const SEPARATORS: u32 =
  (1 << CLASS_OTHER) |
  (1 << CLASS_CR) |
  (1 << CLASS_LF) |
  (1 << CLASS_NEWLINE) |
  (1 << CLASS_SINGLE_QUOTE) |
  (1 << CLASS_DOUBLE_QUOTE) |
  (1 << CLASS_MID_NUM_LET) |
  (1 << CLASS_MID_LETTER) |
  (1 << CLASS_MID_NUM) |
  (1 << CLASS_W_SEG_SPACE) |
  (1 << CLASS_WHITE_SPACE);

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

/** Counts the words of all gathered runs. */
export function countRuns(): void {
  endRun();
  flushRuns();
  countGathered();
}

/** Passes the batch to the host. No word is open between runs, so the buffer for the open word is free. */
function flushRuns(): void {
  if (runs == 0) return;
  const nextStart = wordStart;
  currentRun = 0;
  segmentRuns(batch, <u32>batchBytes);
  setWordStart(nextStart);
  runs = 0;
  batchBytes = 0;
}

/**
 * Counts the words of a batch. Each word has a zero byte after it, each run a line feed. The host calls this
 * during `segmentRuns`.
 */
export function addSegments(from: usize, end: usize): void {
  for (let at = from; at < end; at++) {
    if (load<u8>(at) == 0x0a) {
      currentRun++;
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
  setWordStart(load<f64>(runStarts + (currentRun << 3)));
  endWord(wordStart);
}
