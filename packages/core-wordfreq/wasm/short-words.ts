// The table of words of 1 to 8 bytes, with open addressing and linear probing. A slot is { key u64, count u64
// }; the key is the word itself, padded with zeros, and 0 in a free slot. So a word is found with one
// comparison and no loop over bytes. In a list of keys, 0 stands for no short word. So that this needs no
// branch, the first slot belongs to no word, and what is counted there is never read.
import { nextWord, putEntry } from './entries';
import {
  hasOneOther,
  isForeign,
  othersEnd,
  ownEnd,
  ownWords,
  putShort,
  SHORT,
  sendCounted,
  sendFull,
  sendsWords,
  setEnds,
} from './exchange';
import { allocateTable } from './memory';
import { MAX_PROBES, MIX, secretMultiplier } from './secret';

const SLOT: usize = 16;
const INITIAL_BITS: u32 = 12;

/** Table of words of 1 to 8 bytes: 4,096 slots at the start, and one after the last, which stays free. */
let slots: usize = allocateTable((SLOT << INITIAL_BITS) + SLOT);
let bits: u32 = INITIAL_BITS;
/** The number of words, and how many of them were sent to their owners. */
let size: u32 = 0;
let sent: u32 = 0;

export function shortWords(): u32 {
  return size - sent;
}

let multiplier: u64 = MIX;

/** The upper bits of a product depend on all bits of the key, so the key itself needs no mixing. */
function hash(key: u64, by: u64): u64 {
  return key * by;
}

/**
 * The hash that all engines share: it decides which engine owns a word. Its bits in the middle depend on the
 * whole key only if the upper half is mixed into the lower one.
 */
function ownerHash(key: u64): u64 {
  return hash(key ^ (key >> 32), MIX);
}

function lengthOf(key: u64): u32 {
  return 8 - (<u32>clz(key) >> 3);
}

/** Returns the byte offset of a home slot in its table: the upper bits of the hash are the slot's number. */
function offsetOf(hashed: u64, shift: u64): usize {
  return (<usize>(hashed >> shift)) << 4;
}

/** Returns the slot where the search for a word starts. */
function homeOf(key: u64): usize {
  return max(slots + SLOT, slots + offsetOf(hash(key, multiplier), 64 - bits));
}

/** Returns the slot of a word, or the free slot where it belongs. */
function slotOf(key: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(key);
  for (let probes: u32 = 0; probes < MAX_PROBES; probes++) {
    const found = load<u64>(slot);
    if (found == key || found == 0) return slot;
    slot += SLOT;
    if (slot == end) slot = slots + SLOT;
  }
  multiplier = secretMultiplier();
  grow();
  return farSlotOf(key);
}

/** As `slotOf`, without a limit on the length of the search. */
function farSlotOf(key: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(key);
  while (load<u64>(slot) != key && load<u64>(slot) != 0) {
    slot += SLOT;
    if (slot == end) slot = slots + SLOT;
  }
  return slot;
}

function grow(): void {
  const from = slots;
  const end = from + (SLOT << bits);
  bits++;
  slots = allocateTable((SLOT << bits) + SLOT);
  for (let slot = from + SLOT; slot < end; slot += SLOT) {
    const key = load<u64>(slot);
    if (load<u64>(slot, 8) == 0) continue;
    const to = farSlotOf(key);
    store<u64>(to, key);
    store<u64>(to, load<u64>(slot, 8), 8);
  }
  size -= sent;
  sent = 0;
}

/**
 * The table of the words that were known when the engine began to send new ones, whichever engine owns them;
 * 0 until then.
 */
let known: usize = 0;
let knownBits: u32 = 0;
let knownMultiplier: u64 = MIX;

/** Returns the slot where a known word is expected. A known word in another slot is treated as new. */
function knownSlot(key: u64): usize {
  return known + offsetOf(hash(key, knownMultiplier), 64 - knownBits);
}

/** Counts the words of a list of keys, one occurrence each. A list has at most 64 KiB. */
export function addShortKeys(from: usize, end: usize): void {
  if (!sendsWords()) {
    addOwnShortKeys(from, end);
    return;
  }
  if (hasOneOther()) divideBetweenTwo(from, end);
  else for (let at = from; at < end; at += 8) put(load<u64>(at));
  addOwnShortKeys(ownWords(SHORT), ownEnd(SHORT));
  sendFull(SHORT);
}

/** Counts a known word, or adds a new one to the words of its owner. */
function put(key: u64): void {
  const slot = knownSlot(key);
  if (load<u64>(slot) == key) store<u64>(slot, load<u64>(slot, 8) + 1, 8);
  else putShort(ownerHash(key), key);
}

/**
 * As `put`, without branches, because whether a word is known and which of two engines owns it cannot be
 * predicted: each key is written to both lists, and the end advances only in the list where it belongs, so
 * that the next key overwrites it in the other.
 */
function divideBetweenTwo(from: usize, end: usize): void {
  let own = ownEnd(SHORT);
  let others = othersEnd(SHORT);
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at);
    const slot = knownSlot(key);
    const isNew = <usize>(load<u64>(slot) != key);
    store<u64>(slot, load<u64>(slot, 8) + 1 - isNew, 8);
    const isOthers = <usize>isForeign(ownerHash(key)) & isNew;
    store<u64>(own, key);
    store<u64>(others, key);
    own += (isNew - isOthers) << 3;
    others += isOthers << 3;
  }
  setEnds(SHORT, own, others);
}

/** As `addShortKeys`, for words that this engine owns. The list is overwritten. */
export function addOwnShortKeys(from: usize, end: usize): void {
  for (let at = from; at < end; ) {
    const last = readAhead(at, end);
    const elsewhere = addAtHome(at, last, 0);
    const rest = addAtHome(at, elsewhere, SLOT);
    for (let key = at; key < rest; key += 8) addOwn(load<u64>(key), 1);
    at = last;
  }
}

/**
 * Counts the words that are in the slot `after` bytes past their home slot, and moves all others to the start
 * of the list. Returns their end. This is the hot loop, unrolled because a loop is slower.
 */
function addAtHome(from: usize, end: usize, after: usize): usize {
  const base = slots + after;
  const shift: u64 = 64 - bits;
  const by = multiplier;
  let rest = from;
  let at = from;
  for (const whole = from + ((end - from) & ~63); at < whole; at += 64) {
    rest = addIfAt(at, base + offsetOf(hash(load<u64>(at), by), shift), rest);
    rest = addIfAt(at + 8, base + offsetOf(hash(load<u64>(at, 8), by), shift), rest);
    rest = addIfAt(at + 16, base + offsetOf(hash(load<u64>(at, 16), by), shift), rest);
    rest = addIfAt(at + 24, base + offsetOf(hash(load<u64>(at, 24), by), shift), rest);
    rest = addIfAt(at + 32, base + offsetOf(hash(load<u64>(at, 32), by), shift), rest);
    rest = addIfAt(at + 40, base + offsetOf(hash(load<u64>(at, 40), by), shift), rest);
    rest = addIfAt(at + 48, base + offsetOf(hash(load<u64>(at, 48), by), shift), rest);
    rest = addIfAt(at + 56, base + offsetOf(hash(load<u64>(at, 56), by), shift), rest);
  }
  for (; at < end; at += 8) rest = addIfAt(at, base + offsetOf(hash(load<u64>(at), by), shift), rest);
  return rest;
}

/**
 * Counts the word of a list if a slot is its slot, else appends it to the rest. Returns the end of the rest.
 * Whether it is cannot be predicted, so there is no branch: the slot is written back in both cases. A slot is
 * one vector, because the compiler would load the halves one by one, and the key twice.
 */
function addIfAt(at: usize, slot: usize, rest: usize): usize {
  const key = v128.load64_splat(at);
  const found = v128.load(slot);
  // -1 in the first half if it is the word; the count is the second half.
  const isWord = i64x2.eq(found, key);
  v128.store(slot, i64x2.sub(found, v128.shuffle<i64>(i64x2.splat(0), isWord, 0, 2)));
  v128.store64_lane(rest, key, 0);
  return rest + 8 - ((<usize>i64x2.bitmask(isWord) & 1) << 3);
}

/** A table of more slots than this power of two does not fit in the second-level cache. */
const CACHED_BITS: u32 = 16;
/**
 * Slots are read ahead for this many bytes of a list at a time, so that they are still in the first-level
 * cache when they are needed.
 */
const READ_AHEAD_BYTES: usize = 2048;
/** What was read ahead is stored here, so that the compiler keeps the reads. */
const ignored: usize = memory.data(8);

/**
 * Reads the slots where the words of a list are expected. The reads do not depend on each other, so the
 * processor waits for memory once and not once per word. Returns the end of the part that was read ahead.
 * Small tables are in the cache and are not read.
 */
function readAhead(from: usize, end: usize): usize {
  if (bits <= CACHED_BITS) return end;
  const last = min(from + READ_AHEAD_BYTES, end);
  const shift: u64 = 64 - bits;
  const by = multiplier;
  let read: u64 = 0;
  for (let at = from; at < last; at += 8) {
    read |= load<u64>(slots + offsetOf(hash(load<u64>(at), by), shift));
  }
  store<u64>(ignored, read);
  return last;
}

export function addShort(key: u64, count: u64): void {
  if (sendsWords() && isForeign(ownerHash(key))) {
    // Only counted words have a count other than 1, and those belong to this engine.
    put(key);
    sendFull(SHORT);
  } else addOwn(key, count);
}

function addOwn(key: u64, count: u64): void {
  const home = homeOf(key);
  const slot = load<u64>(home) == key ? home : slotOf(key);
  if (load<u64>(slot) != 0) {
    const counted = load<u64>(slot, 8) + count;
    const countAtHome = load<u64>(home, 8);
    // The more frequent of two words moves to the slot where both searches pass first.
    if (counted > countAtHome) {
      store<u64>(slot, load<u64>(home));
      store<u64>(slot, countAtHome, 8);
      store<u64>(home, key);
      store<u64>(home, counted, 8);
    } else store<u64>(slot, counted, 8);
    return;
  }
  store<u64>(slot, key);
  store<u64>(slot, count, 8);
  size++;
  // At most five eighths full.
  if (size >= 5 << (bits - 3)) grow();
}

/** Makes room for `more` words, few of which may be known. For a while the table may be 13/16 full. */
export function reserveShort(more: u32): void {
  while (size + more > 13 << (bits - 4)) grow();
}

/** From now on new words that other engines own are sent to them; known words are still counted here. */
export function keepKnownShort(): void {
  known = slots;
  knownBits = bits;
  knownMultiplier = multiplier;
  slots = allocateTable((SLOT << bits) + SLOT);
  size = 0;
}

/** Sends the counts of all words that other engines own. */
export function sendForeignShort(): void {
  if (known == 0) {
    sent += sendForeignOf(slots, bits);
    return;
  }
  sendForeignOf(known, knownBits);
  for (let slot = known + SLOT, end = known + (SLOT << knownBits); slot < end; slot += SLOT) {
    if (load<u64>(slot, 8) != 0) addOwn(load<u64>(slot), load<u64>(slot, 8));
  }
}

/**
 * Sends the words of one table that other engines own; they stay there with a count of 0. Returns their
 * number.
 */
function sendForeignOf(table: usize, tableBits: u32): u32 {
  let words: u32 = 0;
  for (let slot = table + SLOT, end = table + (SLOT << tableBits); slot < end; slot += SLOT) {
    const key = load<u64>(slot);
    if (key == 0 || !isForeign(ownerHash(key))) continue;
    sendCounted(ownerHash(key), slot, lengthOf(key), load<u64>(slot, 8));
    store<u64>(slot, 0, 8);
    words++;
  }
  return words;
}

/**
 * Exports the words of at most `most` slots, starting at slot `from`. Returns the next slot, or 0 after the
 * last one.
 */
export function exportShort(from: u32, most: u32): u32 {
  const all: u32 = 1 << bits;
  const end = min(from + most, all);
  for (let index = max<u32>(from, 1); index < end; index++) {
    const slot = slots + <usize>index * SLOT;
    const key = load<u64>(slot);
    const count = load<u64>(slot, 8);
    if (count == 0) continue;
    store<u64>(nextWord(), key);
    putEntry(lengthOf(key), count);
  }
  return end == all ? 0 : end;
}
