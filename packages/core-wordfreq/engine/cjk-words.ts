// Chinese and Japanese words by a dictionary: src/dictionary/segment-cjk.ts for WebAssembly, and the table of src/dictionary/word-dictionary.ts.
import { allocate } from './memory';
import { addShortKeys } from './short-words';
import { addWord, keyOf } from './table';
import { dictionaryNeeded } from './warn';
import { countWords } from './words';

const SLOT_BITS: u32 = 20;
const SLOT_MASK: u32 = (1 << SLOT_BITS) - 1;
const NO_WORD: u32 = 255;
const LONGEST_WORD: u32 = 20;
const LONGEST_KATAKANA: u32 = 20;
const LONG_KATAKANA_COST: u32 = 8192;
/** What katakana side by side cost by their number, from 1 to 8. */
const katakanaCosts: usize = memory.data<u16>([0, 984, 408, 240, 204, 252, 300, 372, 480]);

export const MAX_RUN: u32 = 4096;
/** The characters of the present run, what the best cut before each costs, and where the last word of that cut begins. */
const characters: usize = allocate((MAX_RUN + 2) << 1);
const costs: usize = allocate((MAX_RUN + 1) << 2);
const begins: usize = allocate((MAX_RUN + 1) << 1);
/** For each character the step from the root, and the slot where the step by the next one should stand. */
const firstSteps: usize = allocate((MAX_RUN + 1) << 2);
const secondSlots: usize = allocate((MAX_RUN + 1) << 3);
/** Keys of short words of this and earlier runs, which are counted together: most runs have a few. */
const ENOUGH_KEYS: usize = 256;
const shortKeys: usize = allocate((ENOUGH_KEYS + <usize>MAX_RUN + 1) << 3);
let keysEnd: usize = shortKeys;

/** Steps from the root by character, and slots of all others; 0 while there is no dictionary. */
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
  return length == 1 && characterAt(0) == 0x3005;
}

/** Puts a character of the present run in its place. */
export function setCharacter(index: u32, codePoint: u32): void {
  store<u16>(characters + ((<usize>index) << 1), <u16>codePoint);
}

function characterAt(index: u32): u32 {
  return load<u16>(characters + ((<usize>index) << 1));
}

function isKatakana(character: u32): bool {
  return character - 0x30a1 < 0x5e && character != 0x30fb;
}

/** Offers a word from one place to another, with which all words up to there cost `total`. Answers what they cost at the least. */
function offer(from: u32, end: u32, total: u32): u32 {
  const cost = costs + ((<usize>end) << 2);
  const begin = begins + ((<usize>end) << 1);
  const known = load<u32>(cost);
  // Which is better cannot be predicted, so there is no branch (and no select, of which engines make one): all bits are set if it is.
  const isBetter = <u32>(0 - <i32>(total < known));
  const least = known ^ ((known ^ total) & isBetter);
  store<u32>(cost, least);
  store<u16>(begin, <u16>(load<u16>(begin) ^ ((load<u16>(begin) ^ from) & isBetter)));
  return least;
}

function slotOf(node: u32, character: u32): u32 {
  return (node * 0x9e3779b1 + character * 0x85ebca6b) >> (32 - SLOT_BITS);
}

/** The low 28 bits of the slot of a step, or 0 if there is no such step. `first` is what stands in its first slot. */
function step(node: u32, character: u32, first: u64): u32 {
  const key = ((<u64>character) << 20) | <u64>node;
  if (first >> 28 == key) return <u32>first & 0xfffffff;
  if (first == 0) return 0;
  let slot = slotOf(node, character);
  while (true) {
    slot = (slot + 1) & SLOT_MASK;
    const found = load<u64>(slots + ((<usize>slot) << 3));
    if (found >> 28 == key) return <u32>found & 0xfffffff;
    if (found == 0) return 0;
  }
}

/** First for all characters what will be needed: the memory is far away, and so it is waited for once, not each time. */
function lookAhead(length: u32): void {
  setCharacter(length, 0);
  for (let at: u32 = 0; at < length; at++) {
    const first = load<u32>(roots + ((<usize>characterAt(at)) << 2));
    store<u32>(firstSteps + ((<usize>at) << 2), first);
    const slot = slots + ((<usize>slotOf(first >> 8, characterAt(at + 1))) << 3);
    store<u64>(secondSlots + ((<usize>at) << 3), load<u64>(slot));
    store<u32>(costs + ((<usize>at) << 2), u32.MAX_VALUE, 4);
  }
}

/** Offers the words of two and more characters; `cost` is that of all before. */
function offerLonger(from: u32, length: u32, first: u32, cost: u32): void {
  let node = first >> 8;
  let at = from + 1;
  let slot = load<u64>(secondSlots + ((<usize>from) << 3));
  const last = min(length, from + LONGEST_WORD);
  while (true) {
    const found = step(node, characterAt(at), slot);
    if (found == 0) return;
    at++;
    if ((found & 0xff) != NO_WORD) offer(from, at, cost + (found & 0xff));
    node = found >> 8;
    if (node == 0 || at >= last) return;
    slot = load<u64>(slots + ((<usize>slotOf(node, characterAt(at))) << 3));
  }
}

function offerKatakana(from: u32, length: u32, before: u32): void {
  let end = from + 1;
  while (end < length && end - from < LONGEST_KATAKANA && isKatakana(characterAt(end))) end++;
  const run = end - from;
  // A single one costs no less than as a character.
  if (run == 1 || run >= LONGEST_KATAKANA) return;
  const cost: u32 = run <= 8 ? load<u16>(katakanaCosts + ((<usize>run) << 1)) : LONG_KATAKANA_COST;
  offer(from, end, before + cost);
}

/** Counts the words of the present run, of `length` characters, whose bytes (three for each character) begin at an address. */
export function countCjkWords(bytes: usize, length: u32): void {
  if (roots == 0) dictionaryNeeded();
  lookAhead(length);
  let wasKatakana = false;
  // What all words up to a place cost at the least, which is on the longest chain of what waits for what, and so not read from memory.
  let cost: u32 = 0;
  for (let from: u32 = 0; from < length; from++) {
    const first = load<u32>(firstSteps + ((<usize>from) << 2));
    // NO_WORD is what an unknown character costs.
    const next = offer(from, from + 1, cost + (first & 0xff));
    if (first >> 8 != 0 && from + 1 < length) offerLonger(from, length, first, cost);
    const katakana = isKatakana(characterAt(from));
    if (katakana && !wasKatakana) offerKatakana(from, length, cost);
    wasKatakana = katakana;
    cost = next;
  }
  addWords(bytes, length);
}

/** The words of the best cut, from the last to the first. */
function addWords(bytes: usize, length: u32): void {
  let keys = keysEnd;
  let found: u64 = 0;
  for (let end = length; end > 0; found++) {
    const begin = <u32>load<u16>(begins + ((<usize>end) << 1));
    const word = bytes + <usize>(begin * 3);
    const size = (end - begin) * 3;
    if (size <= 8) {
      store<u64>(keys, keyOf(word, size));
      keys += 8;
    } else addWord(word, size, 1);
    end = begin;
  }
  keysEnd = keys;
  countWords(found);
  if (keys > shortKeys + (ENOUGH_KEYS << 3)) countShortKeys();
}

/** Counts the short words that wait for more. */
export function countShortKeys(): void {
  addShortKeys(shortKeys, keysEnd);
  keysEnd = shortKeys;
}
