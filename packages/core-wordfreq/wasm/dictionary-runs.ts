// Runs of text that need a dictionary: Chinese, Japanese, Thai, Lao, Khmer, Burmese. Runs are gathered, each
// with a line feed after it, and passed to the host together, because a call of the host is expensive. The
// order in which words are counted does not matter. With a dictionary, plain runs, which are of Chinese and Japanese
// (cjk-words.ts) or of one script of South-East Asia (lookahead-words.ts), do not need the host.
import { countGathered, isByCharacter, isLoneMark, isPlainCjk, setCjkDictionary } from './cjk-words';
import {
  CLASS_CR,
  CLASS_DOUBLE_QUOTE,
  CLASS_EXTEND,
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
  SCRIPT_CJK,
  WORD_LIKE,
} from './generated/shared-constants';
import { segmentRuns } from './host';
import { countLookaheadWords, lookaheadScriptOf, setLookaheadDictionary } from './lookahead-words';
import { allocate } from './memory';
import { append, appendFolding, endWord, setIsWord, setWordStart, wordStart } from './open-word';
import { foldingOf, propertiesOf } from './properties';
import { currentRunText, gather, setCharacter } from './run-buffer';
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
const FOR_HOST: u32 = <u32>-1;
/** The script of the current run, if its dictionary alone can segment it; else `FOR_HOST`. */
let runScript: u32 = FOR_HOST;

/** A bit for each script whose dictionary the host can load when it is needed. */
let offered: u32 = 0;

export function offerDictionary(script: u32): void {
  offered |= 1 << script;
}

export function setDictionary(script: u32, address: usize): void {
  if (script == SCRIPT_CJK) setCjkDictionary(address);
  else setLookaheadDictionary(script, address);
}

/** Returns the script whose dictionary alone can segment a run with this character, or `FOR_HOST`. */
function plainScriptOf(codePoint: u32): u32 {
  const script = lookaheadScriptOf(codePoint);
  if (script != 0) return ((offered >> script) & 1) != 0 ? script : FOR_HOST;
  if (!isPlainCjk(codePoint)) return FOR_HOST;
  if (isByCharacter) return SCRIPT_CJK;
  // Words of this dictionary have up to 20 characters. If `maxTokenBytes` might truncate one, the host segments.
  return (offered & (1 << SCRIPT_CJK)) != 0 && maxTokenBytes >= 60 ? SCRIPT_CJK : FOR_HOST;
}

export function appendToRun(codePoint: u32, address: usize, size: usize): void {
  const script = plainScriptOf(codePoint);
  if (runLength == 0) runScript = script;
  if (script == runScript && script != FOR_HOST) setCharacter(runLength, codePoint, load<u32>(address));
  else {
    leavePlainRun();
    store<u32>(batch + batchBytes, load<u32>(address));
    batchBytes += size;
  }
  if (++runLength >= MAX_RUN) endRun();
}

/** Moves what the current run has so far to the host's batch. */
function leavePlainRun(): void {
  if (runScript == FOR_HOST) return;
  runScript = FOR_HOST;
  const bytes = <usize>runLength * 3;
  memory.copy(batch + batchBytes, currentRunText(), bytes);
  batchBytes += bytes;
}

/**
 * Takes characters that continue a plain run, and more such runs of its script with punctuation and white space
 * between them, which is most text without spaces. UAX #29 has a boundary before each character but marks (WB999),
 * so only the dictionary decides. Returns the address of the first other character. Four bytes after the end
 * must be readable.
 */
export function takePlainRuns(from: usize, end: usize, offsetAt0: f64): usize {
  if (runLength == 0 || runScript == FOR_HOST) return from;
  const script = runScript;
  let at = takeRun(from, end);
  while (runLength > 0) {
    const next = afterSeparators(at, end, script);
    if (next == at) break;
    endRun();
    // The last run may have been left to the host; the next one starts as plain.
    runScript = script;
    setWordStart(offsetAt0 + <f64>next);
    at = takeRun(next, end);
  }
  return at;
}

function takeRun(from: usize, end: usize): usize {
  const last = min(end - 2, from + <usize>(MAX_RUN - runLength) * 3);
  const script = runScript;
  let at = from;
  let index = runLength;
  for (; at < last; at += 3) {
    const bytes = load<u32>(at);
    const codePoint = script == SCRIPT_CJK ? ideographIn(bytes) : lookaheadIn(bytes, script);
    if (codePoint == 0) break;
    setCharacter(index++, codePoint, bytes);
  }
  runLength = index;
  if (runLength >= MAX_RUN) endRun();
  return at;
}

function codePointIn(bytes: u32): u32 {
  return ((bytes & 0x0f) << 12) | ((bytes >> 2) & 0xfc0) | ((bytes >> 16) & 0x3f);
}

/** Returns the ideograph or hiragana in the low three bytes, or 0. */
function ideographIn(bytes: u32): u32 {
  const codePoint = codePointIn(bytes);
  const isIdeograph =
    (bytes & 0xc0c0f0) == 0x8080e0 && (codePoint - 0x4e00 < 0x5200 || codePoint - 0x3041 < 0x56);
  return isIdeograph ? codePoint : 0;
}

/** Returns the character of a script of South-East Asia in the low three bytes, or 0. */
function lookaheadIn(bytes: u32, script: u32): u32 {
  const codePoint = codePointIn(bytes);
  const isOfScript =
    (bytes & 0xc0c0f0) == 0x8080e0 &&
    lookaheadScriptOf(codePoint) == script &&
    (propertiesOf(codePoint) & DICTIONARY) != 0;
  return isOfScript ? codePoint : 0;
}

/** Returns the address of the next character of a script if only a few separators precede it; else `from`. */
function afterSeparators(from: usize, end: usize, script: u32): usize {
  let at = from;
  for (let separators = 0; separators < MAX_SEPARATORS && at + 4 <= end; separators++) {
    const size = validSize(at);
    if (size == 0) return from;
    const properties = propertiesOf(decodeValid(at, size));
    if ((properties & (WORD_LIKE | DICTIONARY)) != 0 || ((SEPARATORS >> (properties & CLASS_MASK)) & 1) == 0)
      return from;
    at += size;
    if (at + 3 > end) return from;
    const bytes = load<u32>(at);
    if (script == SCRIPT_CJK) {
      if (ideographIn(bytes) != 0) return at;
    } else {
      const codePoint = lookaheadIn(bytes, script);
      // A mark belongs to the separator.
      if (codePoint != 0) return isMark(codePoint) ? from : at;
    }
  }
  return from;
}

/** Whether a character of South-East Asia belongs to the one before it (WB4). */
function isMark(codePoint: u32): bool {
  return (propertiesOf(codePoint) & CLASS_MASK) == CLASS_EXTEND;
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
  if (runScript == SCRIPT_CJK && !isLoneMark(runLength)) {
    if (gather(runLength)) countGathered();
    runLength = 0;
    return;
  }
  if (runScript != SCRIPT_CJK && runScript != FOR_HOST) {
    countLookaheadWords(runScript, runLength);
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
