// Several engines count one text together, each in its own thread. The hash of a word decides which engine
// owns it. In the end only the owner has the word, so that no tables have to be merged. An engine with few
// words counts all of them. Once it has many, it still counts those that it knows, which are the frequent
// ones, and sends new words that it does not own to their owners. At the end it sends the counts of the known
// words that it does not own. A message starts with its kind, and all its words are of that kind:
//   SHORT    u64 keys of words of up to 8 bytes, one occurrence each
//   MEDIUM   the same for words of up to 16 bytes, two u64 each
//   COUNTED  any words: u64 with the length (the low 20 bits) and the count, then the bytes, padded to a
//            multiple of eight

import { sendWords } from './host';
import { allocate } from './memory';

export const SHORT: u32 = 0;
export const MEDIUM: u32 = 1;
export const COUNTED: u32 = 2;
const LENGTH_BITS: u64 = 20;
const KINDS: u32 = 3;

const HEAD_BYTES: usize = 8;
/** The messages of an engine have about this many bytes in total, whatever the number of engines. */
const MESSAGES_BYTES: u32 = 1 << 19;
const MAX_MESSAGE_BYTES: usize = 1 << 18;
const MIN_MESSAGE_BYTES: u32 = 1 << 15;
/**
 * A message is sent after the list of keys, or the word, that filled it, so there must be room for one more.
 */
const OUTBOX_BYTES: usize = HEAD_BYTES + MAX_MESSAGE_BYTES + 65536 + 16;

/**
 * The number of engines that own words, and of this engine, from 0. One more engine, whose number is
 * `engines`, owns no words.
 */
let engines: u32 = 1;
let index: u32 = 0;
/** The messages of a kind: one for each engine. */
let boxes: u32 = 2;
/** A message is sent once it has this many bytes. */
let fullBytes: usize = 0;
/** Whether new words are sent to their owners. */
let isSending: bool = false;
/**
 * For each kind and owner: a message, and the address where its words end so far. A message to this engine
 * itself is never sent.
 */
let outboxes: usize = 0;
let ends: usize = 0;

export function shareWords(newIndex: u32, newEngines: u32): void {
  index = newIndex;
  engines = newEngines;
  boxes = newEngines + 1;
  fullBytes = max(MESSAGES_BYTES / boxes, MIN_MESSAGE_BYTES);
  outboxes = allocate(<usize>(boxes * KINDS) * OUTBOX_BYTES);
  ends = allocate((<usize>(boxes * KINDS)) << 2);
  for (let box: u32 = 0; box < boxes * KINDS; box++) {
    store<u64>(messageOf(box), box / boxes);
    store<u32>(endAddress(box), <u32>(messageOf(box) + HEAD_BYTES));
  }
}

export function beginSending(): void {
  isSending = engines > 1 || index == engines;
}

export function sendsWords(): bool {
  return isSending;
}

/** Returns the owner, by bits 16 to 31 of the hash, because the upper bits choose the slot. */
function ownerOf(hash: u64): u32 {
  return ((<u32>(hash >> 16) & 0xffff) * engines) >> 16;
}

export function isForeign(hash: u64): bool {
  return ownerOf(hash) != index;
}

function messageOf(box: u32): usize {
  return outboxes + <usize>box * OUTBOX_BYTES;
}

function endAddress(box: u32): usize {
  return ends + ((<usize>box) << 2);
}

/** Returns the end of the message to the other of two engines. */
export function othersEnd(kind: u32): usize {
  return <usize>load<u32>(endAddress(kind * boxes + (index ^ 1)));
}

/** Sets where this engine's own words of a kind end, and where those of the other engine end. */
export function setEnds(kind: u32, own: usize, others: usize): void {
  store<u32>(endAddress(kind * boxes + index), <u32>own);
  store<u32>(endAddress(kind * boxes + (index ^ 1)), <u32>others);
}

export function hasOneOther(): bool {
  return engines == 2 && index < 2;
}

/** Adds a word of up to 8 bytes to the message to its owner. */
export function putShort(hash: u64, key: u64): void {
  const end = endAddress(SHORT * boxes + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, key);
  store<u32>(end, <u32>(at + 8));
}

/** Adds a word of up to 16 bytes to the message to its owner. */
export function putMedium(hash: u64, low: u64, high: u64): void {
  const end = endAddress(MEDIUM * boxes + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, low);
  store<u64>(at, high, 8);
  store<u32>(end, <u32>(at + 16));
}

/**
 * Adds a word of any length and its count to the message to its owner, and sends the message if it is full.
 * Up to 8 bytes after the word are read.
 */
export function sendCounted(hash: u64, word: usize, length: u32, count: u64): void {
  const end = endAddress(COUNTED * boxes + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, (count << LENGTH_BITS) | length);
  for (let byte: usize = 0; byte < length; byte += 8) store<u64>(at + 8 + byte, load<u64>(word + byte));
  store<u32>(end, <u32>nextCounted(at));
  sendFrom(COUNTED, fullBytes);
}

/**
 * These three read a word of a COUNTED message: its length, its count, and the address of the next word. No
 * word occurs 2^44 times in a file.
 */
export function lengthAt(at: usize): u32 {
  return <u32>(load<u64>(at) & ((1 << LENGTH_BITS) - 1));
}

export function countAt(at: usize): u64 {
  return load<u64>(at) >> LENGTH_BITS;
}

export function nextCounted(at: usize): usize {
  return at + 8 + <usize>((lengthAt(at) + 7) & ~7);
}

/** These two return where this engine's own words of a kind start and end. */
export function ownWords(kind: u32): usize {
  return messageOf(kind * boxes + index) + HEAD_BYTES;
}

export function ownEnd(kind: u32): usize {
  return <usize>load<u32>(endAddress(kind * boxes + index));
}

/** Clears this engine's own words of a kind, which have been counted, and sends the full messages. */
export function sendFull(kind: u32): void {
  store<u32>(endAddress(kind * boxes + index), <u32>ownWords(kind));
  sendFrom(kind, fullBytes);
}

/** Sends all messages that have words. */
export function sendAll(): void {
  for (let kind: u32 = 0; kind < KINDS; kind++) sendFrom(kind, HEAD_BYTES + 1);
}

function sendFrom(kind: u32, leastBytes: usize): void {
  for (let owner: u32 = 0; owner < engines; owner++) {
    const box = kind * boxes + owner;
    const message = messageOf(box);
    const bytes = <usize>load<u32>(endAddress(box)) - message;
    if (bytes < leastBytes) continue;
    store<u32>(endAddress(box), <u32>(message + HEAD_BYTES));
    sendWords(owner, message, <u32>bytes);
  }
}
