// Words of 1 to 8 bytes. A slot is { key u64, count u64 }; the key is the word itself, padded with zeros, and 0 in a free slot.
import { nextWord, putEntry } from './entries';
import {
  areTwo,
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
import { MIX, MOST_PROBES, secretMultiplier } from './secret';

const SLOT: usize = 16;
const INITIAL_BITS: u32 = 12;

let slots: usize = allocateTable(SLOT << INITIAL_BITS);
let bits: u32 = INITIAL_BITS;
/** How many words there are, and how many of them were sent. */
let size: u32 = 0;
let sent: u32 = 0;

export function shortWords(): u32 {
  return size - sent;
}

let multiplier: u64 = MIX;

function hash(key: u64, by: u64): u64 {
  return (key ^ (key >> 29)) * by;
}

/** The hash that all engines agree on, by which a word has its owner. */
function ownerHash(key: u64): u64 {
  return hash(key, MIX);
}

function lengthOf(key: u64): u32 {
  return 8 - (<u32>clz(key) >> 3);
}

/** The slot where a word is looked for first. */
function homeOf(key: u64): usize {
  return slots + <usize>(hash(key, multiplier) >> (64 - bits)) * SLOT;
}

/** The slot of a word, or the free slot where it belongs. */
function slotOf(key: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(key);
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++) {
    const found = load<u64>(slot);
    if (found == key || found == 0) return slot;
    slot += SLOT;
    if (slot == end) slot = slots;
  }
  multiplier = secretMultiplier();
  grow();
  return farSlotOf(key);
}

/** The same, however far it is. */
function farSlotOf(key: u64): usize {
  const end = slots + (SLOT << bits);
  let slot = homeOf(key);
  while (load<u64>(slot) != key && load<u64>(slot) != 0) {
    slot += SLOT;
    if (slot == end) slot = slots;
  }
  return slot;
}

function grow(): void {
  const from = slots;
  const end = from + (SLOT << bits);
  bits++;
  slots = allocateTable(SLOT << bits);
  for (let slot = from; slot < end; slot += SLOT) {
    const key = load<u64>(slot);
    if (load<u64>(slot, 8) == 0) continue;
    const to = farSlotOf(key);
    store<u64>(to, key);
    store<u64>(to, load<u64>(slot, 8), 8);
  }
  size -= sent;
  sent = 0;
}

/** Once words are sent: the table of those that were known before, whoever owns them. */
let known: usize = 0;
let knownBits: u32 = 0;
let knownMultiplier: u64 = MIX;

/** Where a known word is expected. One that stands elsewhere passes for new. */
function knownSlot(key: u64): usize {
  return known + ((<usize>(hash(key, knownMultiplier) >> (64 - knownBits))) << 4);
}

/** Counts each word of a list of keys, of up to 64 KiB, once. */
export function addShortKeys(from: usize, end: usize): void {
  if (!sendsWords()) {
    addOwnShortKeys(from, end);
    return;
  }
  if (areTwo()) putAmongTwo(from, end);
  else for (let at = from; at < end; at += 8) put(load<u64>(at));
  addOwnShortKeys(ownWords(SHORT), ownEnd(SHORT));
  sendFull(SHORT);
}

function put(key: u64): void {
  const slot = knownSlot(key);
  if (load<u64>(slot) == key) store<u64>(slot, load<u64>(slot, 8) + 1, 8);
  else putShort(ownerHash(key), key);
}

/**
 * As `put`. Whether a word is known and which of two engines owns it cannot be predicted, so it is put among the words of both, and next to be
 * overwritten where it does not belong.
 */
function putAmongTwo(from: usize, end: usize): void {
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

/** As `addShortKeys`, for words that no other engine owns. The hot loop: it must stay as small as it is. */
export function addOwnShortKeys(from: usize, end: usize): void {
  let base = slots;
  let shift: u64 = 64 - bits;
  let by = multiplier;
  for (let at = from; at < end; ) {
    const last = touched(at, end);
    for (; at < last; at += 8) {
      const key = load<u64>(at);
      const slot = base + ((<usize>(hash(key, by) >> shift)) << 4);
      if (load<u64>(slot) == key) {
        store<u64>(slot, load<u64>(slot, 8) + 1, 8);
      } else {
        addOwn(key, 1);
        base = slots;
        shift = 64 - bits;
        by = multiplier;
      }
    }
  }
}

/** A larger table is not in the second-level cache. */
const CACHED_BITS: u32 = 16;
/** So many bytes of a list are touched at a time, so that what was touched stays in the first-level cache. */
const LIST_BYTES: usize = 2048;
const ignored: usize = memory.data(8);

/**
 * Reads where the words of a list are expected, one independent of the other, so that memory is waited for once and not for each of them;
 * answers up to where. A small table needs no such thing.
 */
function touched(from: usize, end: usize): usize {
  if (bits <= CACHED_BITS) return end;
  const last = min(from + LIST_BYTES, end);
  const shift: u64 = 64 - bits;
  const by = multiplier;
  let read: u64 = 0;
  for (let at = from; at < last; at += 8) {
    read |= load<u64>(slots + ((<usize>(hash(load<u64>(at), by) >> shift)) << 4));
  }
  store<u64>(ignored, read);
  return last;
}

export function addShort(key: u64, count: u64): void {
  if (sendsWords() && isForeign(ownerHash(key))) {
    // Words with counts, which come from elsewhere, are this engine's.
    put(key);
    sendFull(SHORT);
  } else addOwn(key, count);
}

function addOwn(key: u64, count: u64): void {
  const home = homeOf(key);
  const slot = load<u64>(home) == key ? home : slotOf(key);
  if (load<u64>(slot) != 0) {
    store<u64>(slot, load<u64>(slot, 8) + count, 8);
    return;
  }
  store<u64>(slot, key);
  store<u64>(slot, count, 8);
  size++;
  // It may be filled to five eighths.
  if (size >= 5 << (bits - 3)) grow();
}

/** Makes room for so many more words, of which few may be known: the table may be filled to 13/16 for a while. */
export function reserveShort(more: u32): void {
  while (size + more > 13 << (bits - 4)) grow();
}

/** From now on other engines' words are sent, but for those that are known already. */
export function keepKnownShort(): void {
  known = slots;
  knownBits = bits;
  knownMultiplier = multiplier;
  slots = allocateTable(SLOT << bits);
  size = 0;
}

/** Sends the counts of all words that another engine owns. */
export function sendForeignShort(): void {
  if (known == 0) {
    sent += sendForeignOf(slots, bits);
    return;
  }
  sendForeignOf(known, knownBits);
  for (let slot = known, end = known + (SLOT << knownBits); slot < end; slot += SLOT) {
    if (load<u64>(slot, 8) != 0) addOwn(load<u64>(slot), load<u64>(slot, 8));
  }
}

/** Sends them from a table, where they stay with a count of 0; answers how many. */
function sendForeignOf(table: usize, tableBits: u32): u32 {
  let words: u32 = 0;
  for (let slot = table, end = table + (SLOT << tableBits); slot < end; slot += SLOT) {
    const key = load<u64>(slot);
    if (key == 0 || !isForeign(ownerHash(key))) continue;
    sendCounted(ownerHash(key), slot, lengthOf(key), load<u64>(slot, 8));
    store<u64>(slot, 0, 8);
    words++;
  }
  return words;
}

/** Gives the words of some slots, from a place on, to the host; answers where to go on, or 0 behind the last. */
export function exportShort(from: u32, most: u32): u32 {
  const all: u32 = 1 << bits;
  const end = min(from + most, all);
  for (let index = from; index < end; index++) {
    const slot = slots + <usize>index * SLOT;
    const key = load<u64>(slot);
    const count = load<u64>(slot, 8);
    if (count == 0) continue;
    store<u64>(nextWord(), key);
    putEntry(lengthOf(key), count);
  }
  return end == all ? 0 : end;
}
