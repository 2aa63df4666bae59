// The word table, in three parts by the length of the word, so that the common word needs one probe and no loop over bytes:
//   short   1 to 8 bytes    slot { key u64, count u64 }            the key is the word itself, padded with zeros
//   medium  9 to 16 bytes   slot { low u64, high u64, count u64 }
//   long    the rest        slot { hash u32, length u32, address u32, –, count u64 }
// Words that end in a zero byte are long, whatever their length, so that padding is never ambiguous and a key of 0 means a free slot.
import { allocate } from './memory';

const MIX: u64 = 0x9e3779b97f4a7c15;
const INITIAL_BITS: u32 = 12;
const LONG_SLOT: usize = 24;
const MEDIUM_SLOT: usize = 24;

let shortSlots: usize = allocate(16 << INITIAL_BITS);
let shortBits: u32 = INITIAL_BITS;
let shortSize: u32 = 0;
let mediumSlots: usize = allocate(MEDIUM_SLOT << INITIAL_BITS);
let mediumBits: u32 = INITIAL_BITS;
let mediumSize: u32 = 0;
let longSlots: usize = allocate(LONG_SLOT << INITIAL_BITS);
let longBits: u32 = INITIAL_BITS;
let longSize: u32 = 0;

const ARENA_PIECE: usize = 1 << 16;
let arena: usize = 0;
let arenaEnd: usize = 0;
let longBytes: u32 = 0;

/** How many different words there are. */
export function distinctWords(): u32 {
  return shortSize + mediumSize + longSize;
}

function hashShort(key: u64): u64 {
  return (key ^ (key >> 29)) * MIX;
}

function hashMedium(low: u64, high: u64): u64 {
  return ((low * MIX) ^ rotl(high, 31) ^ (high >> 7)) * MIX;
}

/** A table may be filled to five eighths. */
function isFull(size: u32, bits: u32): bool {
  return size >= 5 << (bits - 3);
}

function probeShort(slots: usize, bits: u32, key: u64): usize {
  const end = slots + (16 << bits);
  let slot = slots + ((<usize>(hashShort(key) >> (64 - bits))) << 4);
  while (true) {
    const found = load<u64>(slot);
    if (found == key || found == 0) return slot;
    slot += 16;
    if (slot == end) slot = slots;
  }
}

function growShort(): void {
  const bits = shortBits + 1;
  const slots = allocate(16 << bits);
  for (let from = shortSlots, end = from + (16 << shortBits); from < end; from += 16) {
    const key = load<u64>(from);
    if (key == 0) continue;
    const to = probeShort(slots, bits, key);
    store<u64>(to, key);
    store<u64>(to, load<u64>(from, 8), 8);
  }
  shortSlots = slots;
  shortBits = bits;
}

function addShort(key: u64, count: u64): void {
  const slot = probeShort(shortSlots, shortBits, key);
  if (load<u64>(slot) == 0) {
    store<u64>(slot, key);
    store<u64>(slot, count, 8);
    shortSize++;
    if (isFull(shortSize, shortBits)) growShort();
  } else store<u64>(slot, load<u64>(slot, 8) + count, 8);
}

/** Counts each short word of a list of keys once. The hot loop: it must stay as small as it is. */
export function addShortKeys(from: usize, end: usize): void {
  let slots = shortSlots;
  let shift: u64 = 64 - shortBits;
  for (let at = from; at < end; at += 8) {
    const key = load<u64>(at);
    const slot = slots + ((<usize>(hashShort(key) >> shift)) << 4);
    if (load<u64>(slot) == key) {
      store<u64>(slot, load<u64>(slot, 8) + 1, 8);
    } else {
      addShort(key, 1);
      slots = shortSlots;
      shift = 64 - shortBits;
    }
  }
}

function probeMedium(slots: usize, bits: u32, low: u64, high: u64): usize {
  const end = slots + (MEDIUM_SLOT << bits);
  let slot = slots + <usize>(hashMedium(low, high) >> (64 - bits)) * MEDIUM_SLOT;
  while (true) {
    const found = load<u64>(slot);
    if ((found == low && load<u64>(slot, 8) == high) || load<u64>(slot, 16) == 0) return slot;
    slot += MEDIUM_SLOT;
    if (slot == end) slot = slots;
  }
}

function growMedium(): void {
  const bits = mediumBits + 1;
  const slots = allocate(MEDIUM_SLOT << bits);
  for (let from = mediumSlots, end = from + (MEDIUM_SLOT << mediumBits); from < end; from += MEDIUM_SLOT) {
    if (load<u64>(from, 16) == 0) continue;
    const to = probeMedium(slots, bits, load<u64>(from), load<u64>(from, 8));
    memory.copy(to, from, MEDIUM_SLOT);
  }
  mediumSlots = slots;
  mediumBits = bits;
}

function addMedium(low: u64, high: u64, count: u64): void {
  const slot = probeMedium(mediumSlots, mediumBits, low, high);
  const known = load<u64>(slot, 16);
  store<u64>(slot, known + count, 16);
  if (known != 0) return;
  store<u64>(slot, low);
  store<u64>(slot, high, 8);
  mediumSize++;
  if (isFull(mediumSize, mediumBits)) growMedium();
}

function hashLong(word: usize, length: u32): u32 {
  let hash: u64 = length;
  const end = word + length;
  let at = word;
  for (; at + 8 <= end; at += 8) hash = rotl((hash ^ load<u64>(at)) * MIX, 29);
  for (; at < end; at++) hash = (hash ^ load<u8>(at)) * MIX;
  hash = (hash ^ (hash >> 32)) * MIX;
  return <u32>(hash >> 32);
}

function probeLong(word: usize, length: u32, hash: u32): usize {
  const end = longSlots + (LONG_SLOT << longBits);
  let slot = longSlots + <usize>(hash >> (32 - longBits)) * LONG_SLOT;
  while (true) {
    if (load<u64>(slot, 16) == 0) return slot;
    if (load<u32>(slot) == hash && load<u32>(slot, 4) == length) {
      if (memory.compare(load<u32>(slot, 8), word, length) == 0) return slot;
    }
    slot += LONG_SLOT;
    if (slot == end) slot = longSlots;
  }
}

function growLong(): void {
  const from = longSlots;
  const fromEnd = from + (LONG_SLOT << longBits);
  longBits++;
  longSlots = allocate(LONG_SLOT << longBits);
  const end = longSlots + (LONG_SLOT << longBits);
  for (let at = from; at < fromEnd; at += LONG_SLOT) {
    if (load<u64>(at, 16) == 0) continue;
    let slot = longSlots + <usize>(load<u32>(at) >> (32 - longBits)) * LONG_SLOT;
    while (load<u64>(slot, 16) != 0) {
      slot += LONG_SLOT;
      if (slot == end) slot = longSlots;
    }
    memory.copy(slot, at, LONG_SLOT);
  }
}

function addLong(word: usize, length: u32, count: u64): void {
  const hash = hashLong(word, length);
  const slot = probeLong(word, length, hash);
  const known = load<u64>(slot, 16);
  store<u64>(slot, known + count, 16);
  if (known != 0) return;
  if (arena + length > arenaEnd) {
    const size = max<usize>(ARENA_PIECE, length);
    arena = allocate(size);
    arenaEnd = arena + size;
  }
  memory.copy(arena, word, length);
  store<u32>(slot, hash);
  store<u32>(slot, length, 4);
  store<u32>(slot, <u32>arena, 8);
  arena += length;
  longBytes += length;
  longSize++;
  if (isFull(longSize, longBits)) growLong();
}

/** The first `length` bytes (1 to 8) at an address, as a key. */
export function keyOf(word: usize, length: u32): u64 {
  return load<u64>(word) & (<u64>-1 >> (64 - ((<u64>length) << 3)));
}

/** Counts a word of any length; up to 16 bytes behind it must be readable. */
export function addWord(word: usize, length: u32, count: u64): void {
  if (length > 16 || length == 0 || load<u8>(word + length - 1) == 0) addLong(word, length, count);
  else if (length > 8) addMedium(load<u64>(word), keyOf(word + 8, length - 8), count);
  else addShort(keyOf(word, length), count);
}

function gcd(a: u32, b: u32): u32 {
  return b == 0 ? a : gcd(b, a % b);
}

/**
 * Counts all of `size` entries, in the form that `exportEntries` writes. They stand in the order of their hashes, and must not be taken in
 * that order: a smaller table would get them all at one end, where probing takes for ever. So they are taken by a stride.
 */
export function addEntries(bytes: usize, starts: usize, counts: usize, size: u32): void {
  let stride = <u32>(<f64>size * 0.618) | 1;
  while (gcd(stride, size) != 1) stride += 2;
  for (let turn: u64 = 0; turn < <u64>size; turn++) {
    const entry = <usize>((turn * <u64>stride) % <u64>size);
    const from = load<u32>(starts + (entry << 2));
    const end = load<u32>(starts + (entry << 2), 4);
    addWord(bytes + from, end - from, <u64>load<f64>(counts + (entry << 3)));
  }
}

/** Writes all entries as bytes, ends and counts (float64), and answers where: the three addresses follow each other there. */
export function exportEntries(): usize {
  const size = distinctWords();
  const result = allocate(16);
  const bytes = allocate(<usize>shortSize * 8 + <usize>mediumSize * 16 + <usize>longBytes + 16);
  const starts = allocate((<usize>size + 1) << 2);
  const counts = allocate((<usize>size) << 3);
  let at = bytes;
  let entry: usize = 0;
  for (let slot = shortSlots, end = slot + (16 << shortBits); slot < end; slot += 16) {
    const key = load<u64>(slot);
    if (key == 0) continue;
    store<u64>(at, key);
    at += <usize>(8 - (clz(key) >> 3));
    store<f64>(counts + (entry << 3), <f64>load<u64>(slot, 8));
    store<u32>(starts + (++entry << 2), <u32>(at - bytes));
  }
  for (let slot = mediumSlots, end = slot + (MEDIUM_SLOT << mediumBits); slot < end; slot += MEDIUM_SLOT) {
    const count = load<u64>(slot, 16);
    if (count == 0) continue;
    const high = load<u64>(slot, 8);
    store<u64>(at, load<u64>(slot));
    store<u64>(at, high, 8);
    at += <usize>(16 - (clz(high) >> 3));
    store<f64>(counts + (entry << 3), <f64>count);
    store<u32>(starts + (++entry << 2), <u32>(at - bytes));
  }
  for (let slot = longSlots, end = slot + (LONG_SLOT << longBits); slot < end; slot += LONG_SLOT) {
    const count = load<u64>(slot, 16);
    if (count == 0) continue;
    const length = load<u32>(slot, 4);
    memory.copy(at, load<u32>(slot, 8), length);
    at += length;
    store<f64>(counts + (entry << 3), <f64>count);
    store<u32>(starts + (++entry << 2), <u32>(at - bytes));
  }
  store<u32>(result, <u32>bytes);
  store<u32>(result, <u32>starts, 4);
  store<u32>(result, <u32>counts, 8);
  return result;
}
