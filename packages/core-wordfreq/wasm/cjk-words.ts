// Chinese and Japanese words by a dictionary: src/dictionary/segment-cjk.ts for WebAssembly, and the table of src/dictionary/word-dictionary.ts.
import { allocate } from './memory';
import { addShortKeys } from './short-words';
import { addWord, keyOf } from './table';
import { dictionaryNeeded } from './warn';
import { countWords } from './words';

const MOST_COST: u32 = 255;
const LONGEST_WORD: u32 = 20;
const LONGEST_KATAKANA: u32 = 20;
const LONG_KATAKANA_COST: u32 = 8192;
/** What katakana side by side cost by their number, from 1 to 8. */
const katakanaCosts: usize = memory.data<u16>([0, 984, 408, 240, 204, 252, 300, 372, 480]);

export const MAX_RUN: u32 = 4096;
// Most runs are short, and what is done for many characters together is faster. So runs are gathered, with a zero behind each, which no word has.
const ENOUGH: u32 = 512;
const MOST: u32 = ENOUGH + MAX_RUN + 1;
/** The characters of the runs, and in UTF-8, three bytes for each. */
const characters: usize = allocate((MOST + 2) << 1);
const text: usize = allocate((MOST + 2) * 3);
/** How many characters there are before the present run. */
let gathered: u32 = 0;
/**
 * The best cut before each character: what it costs, and below, in the lowest five bits, how much shorter than 31 its last word is, so that among
 * cuts that cost the same the one whose last word begins first is the least.
 */
const cuts: usize = allocate((MOST + 2) << 2);
/** For each character what it costs as a word, and the step by the next one from there. */
const firstCosts: usize = allocate((MOST + 1) << 2);
const secondSteps: usize = allocate((MOST + 1) << 2);
const shortKeys: usize = allocate((MOST + 1) << 3);

/** Steps from the root by character, and slots of all others (src/dictionary/word-dictionary.ts); 0 while there is no dictionary. */
let roots: usize = 0;
let slots: usize = 0;
/** Whether the host has a dictionary to give. */
export let isDictionaryOffered: bool = false;

export function offerDictionary(): void {
  isDictionaryOffered = true;
}

export function setDictionary(address: usize): void {
  roots = address;
  slots = address + (1 << 18);
}

/** Whether the dictionary is all that a character needs; as `isPlainCjk`. */
export function isPlainCjk(codePoint: u32): bool {
  if (codePoint - 0x4e00 < 0x5200) return true;
  if (codePoint - 0x3041 < 0x56) return true;
  if (codePoint - 0x30a1 < 0x5e) return codePoint != 0x30fb;
  if (codePoint - 0x3400 < 0x19c0) return true;
  return codePoint == 0x3005 || codePoint == 0x3007 || codePoint == 0x309d || codePoint == 0x309e;
}

/** Whether the present run is U+3005 alone, which is left to the host. */
export function isLoneMark(length: u32): bool {
  return length == 1 && characterAt(gathered) == 0x3005;
}

/** Puts a character of the present run in its place. Its bytes are the low three. */
export function setCharacter(index: u32, codePoint: u32, bytes: u32): void {
  const at = <usize>(gathered + index);
  store<u16>(characters + (at << 1), <u16>codePoint);
  store<u32>(text + at * 3, bytes);
}

/** Where the bytes of the present run are. */
export function presentRunText(): usize {
  return text + <usize>gathered * 3;
}

/** Ends the present run, of `length` characters, whose words are counted now or together with those of others. */
export function endPlainRun(length: u32): void {
  setCharacter(length, 0, 0);
  gathered += length + 1;
  if (gathered >= ENOUGH) countGathered();
}

/** Counts the words of all runs that wait. */
export function countGathered(): void {
  if (gathered > 0) countCjkWords(gathered);
  gathered = 0;
}

function characterAt(index: u32): u32 {
  return load<u16>(characters + ((<usize>index) << 1));
}

function isKatakana(character: u32): bool {
  return character - 0x30a1 < 0x5e && character != 0x30fb;
}

const LENGTH_BITS: u32 = 5;
const LENGTH_MASK: u32 = (1 << LENGTH_BITS) - 1;

/** What a word adds to the cut before it, which has no length. */
function cutOf(cost: u32, length: u32): u32 {
  return (cost << LENGTH_BITS) + LENGTH_MASK - length;
}

/** The lesser of two numbers below 2^31. Which it is cannot be predicted, so there is no branch (and no select, of which engines make one). */
function least(a: u32, b: u32): u32 {
  const more = <i32>(a - b);
  return b + (more & (more >> 31));
}

/** Offers a cut before the character at `end`. */
function offer(end: u32, cut: u32): void {
  const known = cuts + ((<usize>end) << 2);
  store<u32>(known, least(load<u32>(known), cut));
}

function slotOf(node: u32, character: u32): u64 {
  return load<u64>(slots + ((<usize>(node + character)) << 3));
}

/** All bits if a condition holds: what cannot be predicted should be no branch. */
function bitsIf(condition: bool): u32 {
  return 0 - <u32>condition;
}

/** The step from a node, if it stands in a slot, or 0. */
function stepIn(slot: u64, node: u32): u32 {
  return <u32>slot & 0xfffffff & bitsIf(<u32>(slot >> 28) == node);
}

/** What a word adds to the cut before it, which has no length, by the step that ends with it. */
function costOf(step: u32, length: u32): u32 {
  return cutOf(MOST_COST - (step & 0xff), length);
}

/** More than any cut costs. */
const TOO_MUCH: u32 = 1 << 28;

/** First for all characters what will be needed: the memory is far away, and so it is waited for once, not each time. */
function lookAhead(length: u32): void {
  for (let at: u32 = 0; at < length; at++) {
    const next = characterAt(at + 1);
    const first = load<u32>(roots + ((<usize>characterAt(at)) << 2));
    store<u32>(firstCosts + ((<usize>at) << 2), costOf(first, 1));
    // No step leads behind the end of a run.
    const node = (first >> 8) & bitsIf(next != 0);
    store<u32>(secondSteps + ((<usize>at) << 2), stepIn(slotOf(node, next), node));
    store<u32>(cuts + ((<usize>at) << 2), TOO_MUCH, 8);
  }
}

/** Offers the words of three and more characters behind a cut. */
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
  // A single one costs no less than as a character.
  if (run == 1 || run >= LONGEST_KATAKANA) return;
  const cost: u32 = run <= 8 ? load<u16>(katakanaCosts + ((<usize>run) << 1)) : LONG_KATAKANA_COST;
  offer(end, before + cutOf(cost, run));
}

function countCjkWords(length: u32): void {
  if (roots == 0) dictionaryNeeded();
  lookAhead(length);
  let wasKatakana = false;
  // Cuts without their last words' lengths, and those of words of one and two characters, are on the longest chain of what waits for what, and so
  // not read from memory.
  let before: u32 = 0;
  let afterTwo: u32 = TOO_MUCH;
  store<u32>(cuts, TOO_MUCH, 4);
  for (let from: u32 = 0; from < length; from++) {
    const afterOne = before + load<u32>(firstCosts + ((<usize>from) << 2));
    const known = cuts + ((<usize>from) << 2) + 4;
    const cut = least(least(load<u32>(known), afterTwo), afterOne);
    store<u32>(known, cut);
    const second = load<u32>(secondSteps + ((<usize>from) << 2));
    afterTwo = before + costOf(second, 2) + <u32>((second & 0xff) == 0) * TOO_MUCH;
    if (second >> 8 != 0) offerLonger(from, length, second, before);
    const katakana = isKatakana(characterAt(from));
    if (katakana && !wasKatakana) offerKatakana(from, length, before);
    wasKatakana = katakana;
    before = cut & ~LENGTH_MASK;
  }
  addWords(length);
}

/** The words of the best cut, from the last to the first. */
function addWords(length: u32): void {
  let keys = shortKeys;
  let found: u64 = 0;
  for (let end = length; end > 0; ) {
    const begin = end - (LENGTH_MASK - (load<u32>(cuts + ((<usize>end) << 2)) & LENGTH_MASK));
    const word = text + <usize>(begin * 3);
    const size = (end - begin) * 3;
    if (size <= 8) {
      // Not what is between runs; where that is cannot be predicted, so there is no branch.
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
