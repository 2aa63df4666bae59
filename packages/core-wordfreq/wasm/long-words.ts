// The table of all other words. A slot is { hash u32, length u32, address u32, place u32, count u64 }; the
// bytes of the words are in an arena. The place, which chooses the slot, is the hash, or, once too many words
// collide, a keyed hash.
import { isFull, nextWord, putEntry } from './entries';
import { isForeign, sendCounted, sendsWords } from './exchange';
import { allocate, allocateTable } from './memory';
import { chooseKey, keyedHash, MAX_PROBES, MIX } from './secret';

const SLOT: usize = 24;
const INITIAL_BITS: u32 = 12;

/** Table of words of more than 16 bytes, and of those that end in a zero byte: 4,096 slots at the start. */
let slots: usize = allocateTable(SLOT << INITIAL_BITS);
let bits: u32 = INITIAL_BITS;
let size: u32 = 0;

const ARENA_PIECE: usize = 1 << 16;
let arena: usize = 0;
let arenaEnd: usize = 0;
let bytes: usize = 0;

export function longWords(): u32 {
  return size;
}

/** Returns the total length of these words in bytes. */
export function longBytes(): usize {
  return bytes;
}

function hashOf(word: usize, length: u32): u32 {
  let hash: u64 = length;
  const end = word + length;
  let at = word;
  for (; at + 8 <= end; at += 8) hash = rotl((hash ^ load<u64>(at)) * MIX, 29);
  if (at < end) hash = (hash ^ rest(at, end)) * MIX;
  hash = (hash ^ (hash >> 32)) * MIX;
  return <u32>(hash >> 32);
}

let isKeyed: bool = false;

/** Returns the number whose upper bits choose the slot. */
function placeOf(word: usize, length: u32, hash: u32): u32 {
  return isKeyed ? <u32>keyedHash(word, length) : hash;
}

/** Returns the last bytes of a word, at most seven. Eight are read. */
function rest(from: usize, end: usize): u64 {
  return load<u64>(from) & (((<u64>1) << ((<u64>(end - from)) << 3)) - 1);
}

function areSame(first: usize, second: usize, length: u32): bool {
  const end = first + length;
  let at = first;
  const between = second - first;
  for (; at + 8 <= end; at += 8) if (load<u64>(at) != load<u64>(at + between)) return false;
  return at == end || rest(at, end) == rest(at + between, end + between);
}

/** Puts the low half of the hash where `ownerOf` looks, because the high half chooses the slot. */
function ownerBits(hash: u32): u64 {
  return (<u64>hash) << 16;
}

/** Returns the slot of a word, or the free slot where it belongs, with its place already stored. */
function slotOf(word: usize, length: u32, hash: u32): usize {
  const end = slots + (SLOT << bits);
  const place = placeOf(word, length, hash);
  let slot = slots + <usize>(place >> (32 - bits)) * SLOT;
  for (let probes: u32 = 0; probes < MAX_PROBES; probes++) {
    if (load<u64>(slot, 16) == 0) {
      store<u32>(slot, place, 12);
      return slot;
    }
    if (load<u32>(slot) == hash && load<u32>(slot, 4) == length) {
      if (areSame(load<u32>(slot, 8), word, length)) return slot;
    }
    slot += SLOT;
    if (slot == end) slot = slots;
  }
  scatter();
  return slotOf(word, length, hash);
}

/** Moves all words to places that an attacker cannot predict. */
function scatter(): void {
  isKeyed = true;
  chooseKey();
  for (let slot = slots, end = slots + (SLOT << bits); slot < end; slot += SLOT) {
    if (load<u64>(slot, 16) == 0) continue;
    store<u32>(slot, placeOf(load<u32>(slot, 8), load<u32>(slot, 4), load<u32>(slot)), 12);
  }
  grow();
}

function grow(): void {
  const from = slots;
  const fromEnd = from + (SLOT << bits);
  bits++;
  slots = allocateTable(SLOT << bits);
  const end = slots + (SLOT << bits);
  for (let at = from; at < fromEnd; at += SLOT) {
    if (load<u64>(at, 16) == 0) continue;
    let slot = slots + <usize>(load<u32>(at, 12) >> (32 - bits)) * SLOT;
    while (load<u64>(slot, 16) != 0) {
      slot += SLOT;
      if (slot == end) slot = slots;
    }
    memory.copy(slot, at, SLOT);
  }
}

export function addLong(word: usize, length: u32, count: u64): void {
  const hash = hashOf(word, length);
  const slot = slotOf(word, length, hash);
  const known = load<u64>(slot, 16);
  if (known == 0 && sendsWords() && isForeign(ownerBits(hash))) {
    sendCounted(ownerBits(hash), word, length, count);
    return;
  }
  store<u64>(slot, known + count, 16);
  if (known != 0) return;
  fill(slot, hash, length, copyToArena(word, length));
  size++;
  // At most five eighths full.
  if (size >= 5 << (bits - 3)) grow();
}

function fill(slot: usize, hash: u32, length: u32, address: usize): void {
  store<u32>(slot, hash);
  store<u32>(slot, length, 4);
  store<u32>(slot, <u32>address, 8);
}

/** Copies a word into the arena. Returns its address. */
function copyToArena(word: usize, length: u32): usize {
  if (arena + length > arenaEnd) {
    const piece = max<usize>(ARENA_PIECE, length);
    arena = allocate(piece + 8);
    arenaEnd = arena + piece;
  }
  const address = arena;
  memory.copy(address, word, length);
  arena += length;
  bytes += length;
  return address;
}

/** As `reserveShort`. */
export function reserveLong(more: u32): void {
  while (size + more > 13 << (bits - 4)) grow();
}

/** As `sendForeignShort`. Words that were sent leave the table; their bytes stay in the arena. */
export function sendForeignLong(): void {
  const from = slots;
  slots = allocateTable(SLOT << bits);
  for (let at = from, end = from + (SLOT << bits); at < end; at += SLOT) {
    const hash = load<u32>(at);
    const length = load<u32>(at, 4);
    const word = <usize>load<u32>(at, 8);
    const count = load<u64>(at, 16);
    if (count == 0) continue;
    if (isForeign(ownerBits(hash))) {
      sendCounted(ownerBits(hash), word, length, count);
      size--;
    } else {
      const slot = slotOf(word, length, hash);
      fill(slot, hash, length, word);
      store<u64>(slot, count, 16);
    }
  }
}

/** As `exportShort`. */
export function exportLong(from: u32, most: u32): u32 {
  const all: u32 = 1 << bits;
  const end = min(from + most, all);
  for (let index = from; index < end; index++) {
    const slot = slots + <usize>index * SLOT;
    const count = load<u64>(slot, 16);
    if (count == 0) continue;
    const length = load<u32>(slot, 4);
    memory.copy(nextWord(), load<u32>(slot, 8), length);
    putEntry(length, count);
    if (isFull()) return index + 1 == all ? 0 : index + 1;
  }
  return end == all ? 0 : end;
}
