// Segments Chinese and Japanese by a dictionary. It is src/dictionary/segment-cjk.ts for WebAssembly, with
// the table of src/dictionary/cjk-table.ts.
import {
  LONG_KATAKANA_COST,
  LONGEST_KATAKANA,
  LONGEST_WORD,
  MOST_COST,
  SCRIPT_CJK,
} from './generated/shared-constants';
import { dictionaryNeeded } from './host';
import { allocate } from './memory';
import { characterAt, forgetGathered, gathered, MAX_CHARACTERS, text } from './run-buffer';
import { addShortKeys } from './short-words';
import { addWord, keyOf } from './table';
import { countWords } from './words';

/** Dictionary: u16, the cost of a run of katakana by its length, from 1 to 8. */
const katakanaCosts: usize = memory.data<u16>([0, 984, 408, 240, 204, 252, 300, 372, 480]);

/**
 * Dictionary: u32, the best segmentation up to each character. Its cost is above the lowest five bits, which
 * are 31 minus the length of its last word, so that of segmentations with equal costs the one whose last word
 * starts first is the smallest number.
 */
const cuts: usize = allocate((MAX_CHARACTERS + 2) << 2);
/** Dictionary: u32, the cost of each character as a word of its own. */
const firstCosts: usize = allocate((MAX_CHARACTERS + 1) << 2);
/** Dictionary: u32, the step from each character to the next one. */
const secondSteps: usize = allocate((MAX_CHARACTERS + 1) << 2);
/** Dictionary: u64, keys of the words of up to 8 bytes. */
const shortKeys: usize = allocate((MAX_CHARACTERS + 1) << 3);

/**
 * The steps from the root by character, and the slots of all other steps (src/dictionary/cjk-table.ts);
 * 0 without a dictionary.
 */
let roots: usize = 0;
let slots: usize = 0;
/** Whether each character is a word. */
export let isByCharacter: bool = false;

export function countCharacters(): void {
  isByCharacter = true;
}

export function setCjkDictionary(address: usize): void {
  roots = address;
  slots = address + (1 << 18);
}

/** Whether the dictionary alone can segment a run with this character; as `isPlainCjk` in segment-cjk.ts. */
export function isPlainCjk(codePoint: u32): bool {
  if (codePoint - 0x4e00 < 0x5200) return true;
  if (codePoint - 0x3041 < 0x56) return true;
  if (codePoint - 0x30a1 < 0x5e) return codePoint != 0x30fb;
  if (codePoint - 0x3400 < 0x19c0) return true;
  return codePoint == 0x3005 || codePoint == 0x3007 || codePoint == 0x309d || codePoint == 0x309e;
}

/** Whether the current run is U+3005 alone, which is left to the host. */
export function isLoneMark(length: u32): bool {
  return length == 1 && characterAt(gathered) == 0x3005 && !isByCharacter;
}

/** Counts the words of all gathered runs. */
export function countGathered(): void {
  if (gathered > 0) countCjkWords(gathered);
  forgetGathered();
}

function isKatakana(character: u32): bool {
  return character - 0x30a1 < 0x5e && character != 0x30fb;
}

const LENGTH_BITS: u32 = 5;
const LENGTH_MASK: u32 = (1 << LENGTH_BITS) - 1;

/** Returns what a word adds to the segmentation before it, whose length bits are 0. */
function cutOf(cost: u32, length: u32): u32 {
  return (cost << LENGTH_BITS) + LENGTH_MASK - length;
}

/**
 * Returns the smaller of two numbers below 2^31, without a branch, because which one it is cannot be
 * predicted. (V8 compiles `select` to a branch.)
 */
function smaller(a: u32, b: u32): u32 {
  const more = <i32>(a - b);
  return b + (more & (more >> 31));
}

/** Proposes a segmentation up to `end`; it is kept if it is better than the one before. */
function offer(end: u32, cut: u32): void {
  const known = cuts + ((<usize>end) << 2);
  store<u32>(known, smaller(load<u32>(known), cut));
}

function slotOf(node: u32, character: u32): u64 {
  return load<u64>(slots + ((<usize>(node + character)) << 3));
}

/** Returns all ones if the condition holds, else 0: a mask instead of a branch that cannot be predicted. */
function bitsIf(condition: bool): u32 {
  return 0 - <u32>condition;
}

/** Returns the step from a node if the slot has one, else 0. */
function stepIn(slot: u64, node: u32): u32 {
  return <u32>slot & 0xfffffff & bitsIf(<u32>(slot >> 28) == node);
}

/** Returns what a word adds to the segmentation before it, by the step that ends the word. */
function costOf(step: u32, length: u32): u32 {
  return cutOf(MOST_COST - (step & 0xff), length);
}

/** More than the cost of any segmentation. */
const IMPOSSIBLE_COST: u32 = 1 << 28;

/**
 * Reads the first steps of all characters ahead of their use. The reads are independent, so the processor
 * waits for memory once.
 */
function lookAhead(length: u32): void {
  for (let at: u32 = 0; at < length; at++) {
    const next = characterAt(at + 1);
    const first = load<u32>(roots + ((<usize>characterAt(at)) << 2));
    store<u32>(firstCosts + ((<usize>at) << 2), costOf(first, 1));
    // No step leads beyond the end of a run.
    const node = (first >> 8) & bitsIf(next != 0);
    store<u32>(secondSteps + ((<usize>at) << 2), stepIn(slotOf(node, next), node));
    store<u32>(cuts + ((<usize>at) << 2), IMPOSSIBLE_COST, 8);
  }
}

/** Proposes the words of three and more characters after `from`. */
function offerLonger(from: u32, length: u32, second: u32, before: u32): void {
  let node = second >> 8;
  let at = from + 2;
  let slot = slotOf(node, characterAt(at));
  const last = min(length, from + LONGEST_WORD);
  while (at < last) {
    const found = stepIn(slot, node);
    at++;
    if ((found & 0xff) != 0) offer(at, before + costOf(found, at - from));
    node = found >> 8;
    if (node == 0) return;
    slot = slotOf(node, characterAt(at));
  }
}

function offerKatakana(from: u32, length: u32, before: u32): void {
  let end = from + 1;
  while (end < length && end - from < LONGEST_KATAKANA && isKatakana(characterAt(end))) end++;
  const run = end - from;
  // A single katakana is covered by its cost as a character.
  if (run == 1 || run >= LONGEST_KATAKANA) return;
  const cost: u32 = run <= 8 ? load<u16>(katakanaCosts + ((<usize>run) << 1)) : LONG_KATAKANA_COST;
  offer(end, before + cutOf(cost, run));
}

function countCjkWords(length: u32): void {
  if (isByCharacter) {
    for (let end: u32 = 1; end <= length; end++) store<u32>(cuts + ((<usize>end) << 2), cutOf(0, 1));
    addWords(length);
    return;
  }
  if (roots == 0) dictionaryNeeded(SCRIPT_CJK);
  lookAhead(length);
  let wasKatakana = false;
  // These three are on the critical path of the loop, so they stay in registers and are not read back from
  // memory.
  let before: u32 = 0;
  let afterTwo: u32 = IMPOSSIBLE_COST;
  store<u32>(cuts, IMPOSSIBLE_COST, 4);
  for (let from: u32 = 0; from < length; from++) {
    const afterOne = before + load<u32>(firstCosts + ((<usize>from) << 2));
    const known = cuts + ((<usize>from) << 2) + 4;
    const cut = smaller(smaller(load<u32>(known), afterTwo), afterOne);
    store<u32>(known, cut);
    const second = load<u32>(secondSteps + ((<usize>from) << 2));
    afterTwo = before + costOf(second, 2) + <u32>((second & 0xff) == 0) * IMPOSSIBLE_COST;
    if (second >> 8 != 0) offerLonger(from, length, second, before);
    const katakana = isKatakana(characterAt(from));
    if (katakana && !wasKatakana) offerKatakana(from, length, before);
    wasKatakana = katakana;
    before = cut & ~LENGTH_MASK;
  }
  addWords(length);
}

/** Counts the words of the best segmentation, from the last to the first. */
function addWords(length: u32): void {
  let keys = shortKeys;
  let found: u64 = 0;
  for (let end = length; end > 0; ) {
    const begin = end - (LENGTH_MASK - (load<u32>(cuts + ((<usize>end) << 2)) & LENGTH_MASK));
    const word = text + <usize>(begin * 3);
    const size = (end - begin) * 3;
    if (size <= 8) {
      // A zero between runs is not a word. Where one is cannot be predicted, so there is no branch.
      const isWord = <u32>(characterAt(begin) != 0);
      store<u64>(keys, keyOf(word, size));
      keys += isWord << 3;
      found += isWord;
    } else {
      addWord(word, size, 1);
      found++;
    }
    end = begin;
  }
  addShortKeys(shortKeys, keys);
  countWords(found);
}
