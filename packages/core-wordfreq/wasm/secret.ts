// Tables use hashes without a secret, so that the same text always gives the same table and threads agree on
// the owner of a word. An attacker can therefore choose words that collide. If searches become longer than
// chance explains, the table is rehashed once with a secret.
import { randomBits } from './host';

/** The fractional part of the golden ratio: what hashes multiply by until there is a secret. */
export const MIX: u64 = 0x9e3779b97f4a7c15;

/**
 * A longer search is no accident: of 100 million words in a table that is 13/16 full, the longest is
 * expected to take 900 steps.
 */
export const MAX_PROBES: u32 = 1024;

/**
 * Returns a random multiplier. With it, two given words collide only by chance (Dietzfelbinger's
 * multiply-shift).
 */
export function secretMultiplier(): u64 {
  return secret() | 1;
}

function secret(): u64 {
  return ((<u64>randomBits()) << 32) | <u64>randomBits();
}

let k0: u64 = 0;
let k1: u64 = 0;

export function chooseKey(): void {
  k0 = secret();
  k1 = secret();
}

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/**
 * SipHash-1-3 of a word with the chosen key: for words of any length, multiplication alone would not prevent
 * collisions. Up to 8 bytes after it are read.
 */
export function keyedHash(word: usize, length: u32): u64 {
  v0 = k0 ^ 0x736f6d6570736575;
  v1 = k1 ^ 0x646f72616e646f6d;
  v2 = k0 ^ 0x6c7967656e657261;
  v3 = k1 ^ 0x7465646279746573;
  const end = word + length;
  let at = word;
  for (; at + 8 <= end; at += 8) absorb(load<u64>(at));
  const rest = load<u64>(at) & (((<u64>1) << ((<u64>(end - at)) << 3)) - 1);
  absorb(rest | ((<u64>length) << 56));
  v2 ^= 0xff;
  round();
  round();
  round();
  return v0 ^ v1 ^ v2 ^ v3;
}

function absorb(bytes: u64): void {
  v3 ^= bytes;
  round();
  v0 ^= bytes;
}

function round(): void {
  v0 += v1;
  v1 = rotl(v1, 13) ^ v0;
  v0 = rotl(v0, 32);
  v2 += v3;
  v3 = rotl(v3, 16) ^ v2;
  v0 += v3;
  v3 = rotl(v3, 21) ^ v0;
  v2 += v1;
  v1 = rotl(v1, 17) ^ v2;
  v2 = rotl(v2, 32);
}
