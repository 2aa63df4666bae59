import { randomBits } from '../random-bits.ts';

/** Words of so many bytes are their own keys. */
const SHORT = 8;

/**
 * The key of the word that was last looked for, in two halves, and whether it is the word itself: words of up to eight bytes are, filled up with
 * zeros, but for those that end in a zero byte. The key of others is a hash.
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

/** The bytes of a word that is its own key, in memory that is used again. */
export function unpack(low: number, high: number): Uint8Array {
  unpackedView.setInt32(0, low, true);
  unpackedView.setInt32(4, high, true);
  return unpacked;
}

/** What a table mixes keys with: two odd factors, and where hashes begin. */
export interface KeyMixer {
  readonly lowFactor: number;
  readonly highFactor: number;
  readonly basis: number;
}

/** The same for everybody, so that a text is always counted alike. */
export const PUBLIC_MIXER: KeyMixer = {
  lowFactor: 0x9e3779b1,
  highFactor: 0x85ebca6b,
  basis: 0x811c9dc5,
};

/** For a table with words that collide, as somebody makes them who knows how the public one mixes. */
export function secretMixer(): KeyMixer {
  return { lowFactor: randomBits() | 1, highFactor: randomBits() | 1, basis: randomBits() | 0 };
}

/** Slots are chosen by the lowest bits, so all bits must reach them. */
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
