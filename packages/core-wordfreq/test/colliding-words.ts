/**
 * Words that somebody would make who wants to slow down a counter, and knows how its tables choose the place
 * of a word.
 */

const MASK = 2n ** 64n - 1n;
const MIX = 0x9e3779b97f4a7c15n;

/** What a factor, which is odd, has to be multiplied by to be 1, modulo 2^64. */
function inverse(factor: bigint): bigint {
  let guess = factor;
  for (let bits = 3; bits < 64; bits *= 2) guess = (guess * (2n - factor * guess)) & MASK;
  return guess;
}

const UNMIX = inverse(MIX);

function bytesOf(key: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, key, true);
  return bytes;
}

/** Neither white space, nor upper case, nor zero: the whitespace tokenizer leaves the bytes as they are. */
function isWhole(bytes: Uint8Array): boolean {
  for (const byte of bytes) {
    if (byte === 0 || byte === 0x20 || (byte >= 9 && byte <= 13) || (byte >= 0x41 && byte <= 0x5a))
      return false;
  }
  return true;
}

/**
 * Different words of eight bytes whose hashes in WebAssembly begin with 12 zeros or more, with a space behind
 * each.
 */
export function collidingShort(words: number): Uint8Array {
  return join(words, 8, (index) => bytesOf((BigInt(index) * 0x9e37_79b1n * UNMIX) & MASK));
}

/** The same of sixteen bytes, whose hashes are all the same. */
export function collidingMedium(words: number): Uint8Array {
  return join(words, 16, (index) => {
    // Eight letters from a to p.
    const letters = index
      .toString(16)
      .padStart(8, '0')
      .replace(/./g, (digit) => `6${digit}`);
    const high = BigInt(`0x${letters}`) + 0x0101010101010101n;
    const rotated = ((high << 31n) | (high >> 33n)) & MASK;
    const low = ((rotated ^ (high >> 7n)) * UNMIX) & MASK;
    return Uint8Array.of(...bytesOf(low), ...bytesOf(high));
  });
}

/**
 * The same of many bytes: a flipped highest bit in one piece of eight bytes and a flipped bit 28 in the next
 * leave the hash as it is, so that each pair of pieces doubles the words that have it.
 */
export function collidingLong(words: number): Uint8Array {
  const pairs = Math.ceil(Math.log2(words)) + 1;
  return join(words, pairs * 16, (index) => {
    const bytes = new Uint8Array(pairs * 16).fill(0x61);
    for (let pair = 0; pair < pairs; pair += 1) {
      if (((index >> pair) & 1) === 0) continue;
      bytes[pair * 16 + 7] = 0xe1;
      bytes[pair * 16 + 11] = 0x71;
    }
    return bytes;
  });
}

/** Different words of eight bytes whose hashes in JavaScript are all the same. */
export function collidingInJavaScript(words: number): Uint8Array {
  return join(words, 8, (index) => {
    const bytes = new Uint8Array(8);
    const view = new DataView(bytes.buffer);
    const high = Math.imul(index, 0x9e3779b1);
    view.setInt32(0, Math.imul(high, 0x85ebca6b), true);
    view.setInt32(4, high, true);
    return bytes;
  });
}

function join(words: number, length: number, wordOf: (index: number) => Uint8Array): Uint8Array {
  const text = new Uint8Array(words * (length + 1)).fill(0x20);
  let at = 0;
  for (let index = 1; at < text.length; index += 1) {
    const word = wordOf(index);
    if (!isWhole(word)) continue;
    text.set(word, at);
    at += length + 1;
  }
  return text;
}
