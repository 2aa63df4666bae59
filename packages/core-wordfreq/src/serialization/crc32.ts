/**
 * The remainders of all bytes by the polynomial of Ethernet and ZIP (0x04C11DB7, reflected). Made at
 * their first use, so that a program that only counts does not wait for them.
 */
let remainders: Uint32Array | undefined;

function makeRemainders(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
    return remainder;
  });
}

/**
 * Returns the CRC-32 of bytes; `before` is that of the bytes before them. It detects any damage within 32
 * bits.
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  remainders ??= makeRemainders();
  let crc = ~before;
  for (let index = 0; index < bytes.length; index += 1) {
    crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[index] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}
