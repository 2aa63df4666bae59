import { randomBits } from '../random-bits.ts';

/** Words of at most this many bytes are their own keys. */
const SHORT = 8;

/**
 * The result of `setKey`: the key in two halves, and whether the key is the word itself, padded with zeros.
 * That is so for words of up to eight bytes that do not end in a zero byte; the key of other words is a hash.
 * The results are variables and not an object, because `setKey` is in the hot path and must not allocate.
 */
export let keyLow = 0;
export let keyHigh = 0;
export let isOwnKey = false;

export function setKey(bytes: Uint8Array, length: number, basis: number): void {
  isOwnKey = length <= SHORT && bytes[length - 1] !== 0;
  if (isOwnKey) {
    keyLow = pack(bytes, 0, Math.min(length, 4));
    keyHigh = pack(bytes, 4, length);
  } else setHash(bytes, length, basis);
}

function pack(bytes: Uint8Array, from: number, end: number): number {
  let packed = 0;
  for (let index = from; index < end; index += 1) packed |= (bytes[index] as number) << ((index - from) * 8);
  return packed;
}

const unpacked: Uint8Array = new Uint8Array(SHORT);
const unpackedView: DataView = new DataView(unpacked.buffer);

/** Returns the bytes of a word that is its own key, in memory that is reused. */
export function unpack(low: number, high: number): Uint8Array {
  unpackedView.setInt32(0, low, true);
  unpackedView.setInt32(4, high, true);
  return unpacked;
}

/** The parameters of a table's hash: two odd factors, and the initial value of hashes over bytes. */
export interface KeyMixer {
  readonly lowFactor: number;
  readonly highFactor: number;
  readonly basis: number;
}

/** The default, without a secret, so that a text always gives the same table. */
export const PUBLIC_MIXER: KeyMixer = {
  lowFactor: 0x9e3779b1,
  highFactor: 0x85ebca6b,
  basis: 0x811c9dc5,
};

/**
 * Returns random parameters, for a table with words that collide, which an attacker can make for the public
 * ones.
 */
export function secretMixer(): KeyMixer {
  return { lowFactor: randomBits() | 1, highFactor: randomBits() | 1, basis: randomBits() | 0 };
}

/** The lowest bits choose the slot, so all bits must influence them. */
export function mix(low: number, high: number, lowFactor: number, highFactor: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, highFactor), lowFactor);
  return mixed ^ (mixed >>> 15);
}

/** FNV-1a, with two multipliers. */
function setHash(bytes: Uint8Array, length: number, basis: number): void {
  let low = basis;
  let high = basis;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index] as number;
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x5bd1e995);
  }
  keyLow = low | 0;
  keyHigh = high | 0;
}
