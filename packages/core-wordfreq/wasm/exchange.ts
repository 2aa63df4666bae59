// Several engines count one text together, each in a thread of its own. Each word has an owner among them, by its hash, which alone has its count in
// the end, so that nothing has to be merged. While an engine has few words, it counts all of them. When it has many, it goes on to count those, which
// are the frequent ones, and sends others that it does not own when it finds them. In the end it sends the counts of those that it does not own.
// Words travel in messages of one kind each, which stands at their begin:
//   SHORT    keys of words of up to 8 bytes, which occurred once each
//   MEDIUM   the same of words of up to 16 bytes, two halves each
//   COUNTED  any words: each its length (the low 20 bits) and its count, and its bytes, filled up to a multiple of eight
import { allocate } from './memory';
import { sendWords } from './warn';

export const SHORT: u32 = 0;
export const MEDIUM: u32 = 1;
export const COUNTED: u32 = 2;
const LENGTH_BITS: u64 = 20;
const KINDS: u32 = 3;

const HEAD_BYTES: usize = 8;
/** All messages of an engine together have about so many bytes, however many engines there are. */
const MESSAGES_BYTES: u32 = 1 << 19;
const MOST_MESSAGE_BYTES: usize = 1 << 18;
const LEAST_MESSAGE_BYTES: u32 = 1 << 15;
/** A message is sent behind the list of keys, or the word, that filled it. */
const OUTBOX_BYTES: usize = HEAD_BYTES + MOST_MESSAGE_BYTES + 65536 + 16;

/** Which of the engines this is, and how many there are. */
let index: u32 = 0;
let engines: u32 = 1;
/** A message of so many bytes is sent. */
let fullBytes: usize = 0;
/** Whether words are sent when they are found. */
let isSending: bool = false;
/** For each kind and owner a message, and where its words end so far. What this engine owns is not sent. */
let outboxes: usize = 0;
let ends: usize = 0;

export function shareWords(newIndex: u32, newEngines: u32): void {
  index = newIndex;
  engines = newEngines;
  fullBytes = max(MESSAGES_BYTES / engines, LEAST_MESSAGE_BYTES);
  outboxes = allocate(<usize>(engines * KINDS) * OUTBOX_BYTES);
  ends = allocate((<usize>(engines * KINDS)) << 2);
  for (let box: u32 = 0; box < engines * KINDS; box++) {
    store<u64>(messageOf(box), box / engines);
    store<u32>(endAddress(box), <u32>(messageOf(box) + HEAD_BYTES));
  }
}

export function beginSending(): void {
  isSending = engines > 1;
}

export function sendsWords(): bool {
  return isSending;
}

/** The owner, by bits 16 to 31 of the hash, which should not choose the slot. */
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

/** Where words of a kind go that the other one of two engines owns. */
export function othersEnd(kind: u32): usize {
  return <usize>load<u32>(endAddress(kind * engines + (index ^ 1)));
}

/** Sets where this engine's own words of a kind end, and the other one's. */
export function setEnds(kind: u32, own: usize, others: usize): void {
  store<u32>(endAddress(kind * engines + index), <u32>own);
  store<u32>(endAddress(kind * engines + (index ^ 1)), <u32>others);
}

export function areTwo(): bool {
  return engines == 2;
}

/** Puts a word of up to 8 bytes among its owner's. */
export function putShort(hash: u64, key: u64): void {
  const end = endAddress(SHORT * engines + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, key);
  store<u32>(end, <u32>(at + 8));
}

/** Puts a word of up to 16 bytes among its owner's. */
export function putMedium(hash: u64, low: u64, high: u64): void {
  const end = endAddress(MEDIUM * engines + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, low);
  store<u64>(at, high, 8);
  store<u32>(end, <u32>(at + 16));
}

/** Puts a word of any length and its count among its owner's, and sends them if there are many. Up to 8 bytes behind it must be readable. */
export function sendCounted(hash: u64, word: usize, length: u32, count: u64): void {
  const end = endAddress(COUNTED * engines + ownerOf(hash));
  const at = <usize>load<u32>(end);
  store<u64>(at, (count << LENGTH_BITS) | length);
  for (let byte: usize = 0; byte < length; byte += 8) store<u64>(at + 8 + byte, load<u64>(word + byte));
  store<u32>(end, <u32>behind(at));
  sendFrom(COUNTED, fullBytes);
}

/** Of a word with its count: its length, its count, and where the next one is. No word occurs 2^44 times in a file. */
export function lengthAt(at: usize): u32 {
  return <u32>(load<u64>(at) & ((1 << LENGTH_BITS) - 1));
}

export function countAt(at: usize): u64 {
  return load<u64>(at) >> LENGTH_BITS;
}

export function behind(at: usize): usize {
  return at + 8 + <usize>((lengthAt(at) + 7) & ~7);
}

/** Where this engine's own words of a kind are, and where they end. */
export function ownWords(kind: u32): usize {
  return messageOf(kind * engines + index) + HEAD_BYTES;
}

export function ownEnd(kind: u32): usize {
  return <usize>load<u32>(endAddress(kind * engines + index));
}

/** Forgets this engine's own words of a kind, which are counted, and sends those of others if there are many. */
export function sendFull(kind: u32): void {
  store<u32>(endAddress(kind * engines + index), <u32>ownWords(kind));
  sendFrom(kind, fullBytes);
}

/** Sends all words that are still here. */
export function sendAll(): void {
  for (let kind: u32 = 0; kind < KINDS; kind++) sendFrom(kind, HEAD_BYTES + 1);
}

function sendFrom(kind: u32, least: usize): void {
  for (let owner: u32 = 0; owner < engines; owner++) {
    const box = kind * engines + owner;
    const message = messageOf(box);
    const bytes = <usize>load<u32>(endAddress(box)) - message;
    if (bytes < least) continue;
    store<u32>(endAddress(box), <u32>(message + HEAD_BYTES));
    sendWords(owner, message, <u32>bytes);
  }
}
