// The table of words of 9 to 16 bytes. It works like the table in short-words.ts, which explains each
// function. A slot is { low u64, high u64, count u64, – }, so that no slot spans two cache lines; low and
// high are the word itself, padded with zeros, and high is 0 in a free slot.
import { nextWord, putEntry } from './entries';
import {
  hasOneOther,
  isForeign,
  MEDIUM,
  othersEnd,
  ownEnd,
  ownWords,
  putMedium,
  sendCounted,
  sendFull,
  sendsWords,
  setEnds,
} from './exchange';
import { allocateTable } from './memory';
import { MAX_PROBES, MIX, secretMultiplier } from './secret';

const SLOT: usize = 32;
const INITIAL_BITS: u32 = 12;

/** Table of words of 9 to 16 bytes: 4,096 slots at the start. */
let slots: usize = allocateTable((SLOT << INITIAL_BITS) + SLOT);
let bits: u32 = INITIAL_BITS;
let size: u32 = 0;
let sent: u32 = 0;

export function mediumWords(): u32 {
  return size - sent;
}

let multiplier: u64 = MIX;

function hash(low: u64, high: u64, by: u64): u64 {
  return ((low * by) ^ rotl(high, 31) ^ (high >> 7)) * by;
}

function ownerHash(low: u64, high: u64): u64 {
  return hash(low, high, MIX);
}

function lengthOf(high: u64): u32 {
  return 16 - (<u32>clz(high) >> 3);
}

function offsetOf(hashed: u64, shift: u64): usize {
  return (<usize>(hashed >> shift)) << 5;
}

function homeOf(low: u64, high: u64): usize {
  return slots + offsetOf(hash(low, high, multiplier), 64 - bits);
}

/** Returns the slot of a word, or the free slot where it belongs. */
function slotOf(low: u64, high: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(low, high);
  for (let probes: u32 = 0; probes < MAX_PROBES; probes++) {
    if (load<u64>(slot) == low && load<u64>(slot, 8) == high) return slot;
    if (load<u64>(slot, 8) == 0) return slot;
    slot += SLOT;
    if (slot == end) slot = slots;
  }
  multiplier = secretMultiplier();
  grow();
  return farSlotOf(low, high);
}

/** As `slotOf`, without a limit on the length of the search. */
function farSlotOf(low: u64, high: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(low, high);
  while ((load<u64>(slot) != low || load<u64>(slot, 8) != high) && load<u64>(slot, 8) != 0) {
    slot += SLOT;
    if (slot == end) slot = slots;
  }
  return slot;
}

function grow(): void {
  const from = slots;
  const end = from + (SLOT << bits);
  bits++;
  slots = allocateTable((SLOT << bits) + SLOT);
  for (let slot = from; slot < end; slot += SLOT) {
    if (load<u64>(slot, 16) == 0) continue;
    const to = farSlotOf(load<u64>(slot), load<u64>(slot, 8));
    store<u64>(to, load<u64>(slot));
    store<u64>(to, load<u64>(slot, 8), 8);
    store<u64>(to, load<u64>(slot, 16), 16);
  }
  size -= sent;
  sent = 0;
}

/** The table of known words, as in short-words.ts. */
let known: usize = 0;
let knownBits: u32 = 0;
let knownMultiplier: u64 = MIX;

function knownSlot(low: u64, high: u64): usize {
  return known + offsetOf(hash(low, high, knownMultiplier), 64 - knownBits);
}

/** Counts the words of a list of keys, one occurrence each. */
export function addMediumKeys(from: usize, end: usize): void {
  if (!sendsWords()) {
    addOwnMediumKeys(from, end);
    return;
  }
  if (hasOneOther()) divideBetweenTwo(from, end);
  else for (let at = from; at < end; at += 16) put(load<u64>(at), load<u64>(at, 8));
  addOwnMediumKeys(ownWords(MEDIUM), ownEnd(MEDIUM));
  sendFull(MEDIUM);
}

function put(low: u64, high: u64): void {
  const slot = knownSlot(low, high);
  if (load<u64>(slot) == low && load<u64>(slot, 8) == high) store<u64>(slot, load<u64>(slot, 16) + 1, 16);
  else putMedium(ownerHash(low, high), low, high);
}

function divideBetweenTwo(from: usize, end: usize): void {
  let own = ownEnd(MEDIUM);
  let others = othersEnd(MEDIUM);
  for (let at = from; at < end; at += 16) {
    const low = load<u64>(at);
    const high = load<u64>(at, 8);
    const slot = knownSlot(low, high);
    const isNew = <usize>(((load<u64>(slot) ^ low) | (load<u64>(slot, 8) ^ high)) != 0);
    store<u64>(slot, load<u64>(slot, 16) + 1 - isNew, 16);
    const isOthers = <usize>isForeign(ownerHash(low, high)) & isNew;
    store<u64>(own, low);
    store<u64>(own, high, 8);
    store<u64>(others, low);
    store<u64>(others, high, 8);
    own += (isNew - isOthers) << 4;
    others += isOthers << 4;
  }
  setEnds(MEDIUM, own, others);
}

/** As `addMediumKeys`, for words that this engine owns. The list is overwritten. */
export function addOwnMediumKeys(from: usize, end: usize): void {
  for (let at = from; at < end; ) {
    const last = readAhead(at, end);
    const rest = addAtHome(at, addAtHome(at, last, 0), SLOT);
    for (let key = at; key < rest; key += 16) addOwn(load<u64>(key), load<u64>(key, 8), 1);
    at = last;
  }
}

function addAtHome(from: usize, end: usize, after: usize): usize {
  const base = slots + after;
  const shift: u64 = 64 - bits;
  const by = multiplier;
  let rest = from;
  let at = from;
  for (const whole = from + ((end - from) & ~63); at < whole; at += 64) {
    rest = addIfAt(at, base + offsetOf(hash(load<u64>(at), load<u64>(at, 8), by), shift), rest);
    rest = addIfAt(at + 16, base + offsetOf(hash(load<u64>(at, 16), load<u64>(at, 24), by), shift), rest);
    rest = addIfAt(at + 32, base + offsetOf(hash(load<u64>(at, 32), load<u64>(at, 40), by), shift), rest);
    rest = addIfAt(at + 48, base + offsetOf(hash(load<u64>(at, 48), load<u64>(at, 56), by), shift), rest);
  }
  for (; at < end; at += 16) {
    rest = addIfAt(at, base + offsetOf(hash(load<u64>(at), load<u64>(at, 8), by), shift), rest);
  }
  return rest;
}

function addIfAt(at: usize, slot: usize, rest: usize): usize {
  const word = v128.load(at);
  const isElsewhere = <usize>v128.any_true(v128.xor(v128.load(slot), word));
  store<u64>(slot, load<u64>(slot, 16) + 1 - isElsewhere, 16);
  v128.store(rest, word);
  return rest + (isElsewhere << 4);
}

const CACHED_BITS: u32 = 15;
const READ_AHEAD_BYTES: usize = 2048;
/** What was read ahead is stored here, so that the compiler keeps the reads. */
const ignored: usize = memory.data(8);

function readAhead(from: usize, end: usize): usize {
  if (bits <= CACHED_BITS) return end;
  const last = min(from + READ_AHEAD_BYTES, end);
  const shift: u64 = 64 - bits;
  const by = multiplier;
  let read: u64 = 0;
  for (let at = from; at < last; at += 16) {
    read |= load<u64>(slots + offsetOf(hash(load<u64>(at), load<u64>(at, 8), by), shift));
  }
  store<u64>(ignored, read);
  return last;
}

export function addMedium(low: u64, high: u64, count: u64): void {
  if (sendsWords() && isForeign(ownerHash(low, high))) {
    put(low, high);
    sendFull(MEDIUM);
  } else addOwn(low, high, count);
}

function addOwn(low: u64, high: u64, count: u64): void {
  const home = homeOf(low, high);
  const isHome = load<u64>(home) == low && load<u64>(home, 8) == high;
  const slot = isHome ? home : slotOf(low, high);
  if (load<u64>(slot, 8) != 0) {
    const counted = load<u64>(slot, 16) + count;
    const countAtHome = load<u64>(home, 16);
    if (counted > countAtHome) {
      v128.store(slot, v128.load(home));
      store<u64>(slot, countAtHome, 16);
      store<u64>(home, low);
      store<u64>(home, high, 8);
      store<u64>(home, counted, 16);
    } else store<u64>(slot, counted, 16);
    return;
  }
  store<u64>(slot, low);
  store<u64>(slot, high, 8);
  store<u64>(slot, count, 16);
  size++;
  // At most five eighths full.
  if (size >= 5 << (bits - 3)) grow();
}

/** As `reserveShort`. */
export function reserveMedium(more: u32): void {
  while (size + more > 13 << (bits - 4)) grow();
}

export function keepKnownMedium(): void {
  known = slots;
  knownBits = bits;
  knownMultiplier = multiplier;
  slots = allocateTable((SLOT << bits) + SLOT);
  size = 0;
}

export function sendForeignMedium(): void {
  if (known == 0) {
    sent += sendForeignOf(slots, bits);
    return;
  }
  sendForeignOf(known, knownBits);
  for (let slot = known, end = known + (SLOT << knownBits); slot < end; slot += SLOT) {
    if (load<u64>(slot, 16) != 0) addOwn(load<u64>(slot), load<u64>(slot, 8), load<u64>(slot, 16));
  }
}

function sendForeignOf(table: usize, tableBits: u32): u32 {
  let words: u32 = 0;
  for (let slot = table, end = table + (SLOT << tableBits); slot < end; slot += SLOT) {
    const low = load<u64>(slot);
    const high = load<u64>(slot, 8);
    if (high == 0 || !isForeign(ownerHash(low, high))) continue;
    sendCounted(ownerHash(low, high), slot, lengthOf(high), load<u64>(slot, 16));
    store<u64>(slot, 0, 16);
    words++;
  }
  return words;
}

/** As `exportShort`. */
export function exportMedium(from: u32, most: u32): u32 {
  const all: u32 = 1 << bits;
  const end = min(from + most, all);
  for (let index = from; index < end; index++) {
    const slot = slots + <usize>index * SLOT;
    const count = load<u64>(slot, 16);
    const low = load<u64>(slot);
    const high = load<u64>(slot, 8);
    if (count == 0) continue;
    store<u64>(nextWord(), low);
    store<u64>(nextWord(), high, 8);
    putEntry(lengthOf(high), count);
  }
  return end == all ? 0 : end;
}
