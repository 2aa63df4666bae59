/*
 * CRC-64/NVME, sixteen bytes at a time: table n of sixteen says what a byte does to the checksum when n more
 * bytes come after it. Memory: the tables, then the bytes to read.
 */

/** The polynomial AD93D23594C93659, its bits reversed. */
const POLYNOMIAL: u64 = 0x9a6c9329ac4bc9b5;
const TABLES: i32 = 16;
const TABLE_BYTES: usize = 256 * 8;

/** Where the bytes to read are put. */
export const INPUT: usize = 16 * 256 * 8;

/** Fills the tables; once. */
export function prepare(): void {
  for (let byte: usize = 0; byte < 256; byte++) {
    let crc: u64 = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ POLYNOMIAL : crc >> 1;
    store<u64>(byte << 3, crc);
  }
  for (let table: i32 = 1; table < TABLES; table++) {
    const start = (table as usize) * TABLE_BYTES;
    for (let byte: usize = 0; byte < 256; byte++) {
      const before = load<u64>(start - TABLE_BYTES + (byte << 3));
      store<u64>(start + (byte << 3), (before >> 8) ^ entry(0, before));
    }
  }
}

/** What the lowest byte of a word does when `after` more bytes come after it. */
function entry(after: usize, word: u64): u64 {
  return load<u64>(after * TABLE_BYTES + (((word & 255) as usize) << 3));
}

/** The checksum after `length` more bytes of the input. */
export function update(crc: u64, length: usize): u64 {
  let sum = crc;
  let at = INPUT;
  const end = INPUT + length;
  for (; at + 16 <= end; at += 16) {
    const first = load<u64>(at) ^ sum;
    const second = load<u64>(at, 8);
    sum =
      entry(15, first) ^
      entry(14, first >> 8) ^
      entry(13, first >> 16) ^
      entry(12, first >> 24) ^
      entry(11, first >> 32) ^
      entry(10, first >> 40) ^
      entry(9, first >> 48) ^
      entry(8, first >> 56) ^
      entry(7, second) ^
      entry(6, second >> 8) ^
      entry(5, second >> 16) ^
      entry(4, second >> 24) ^
      entry(3, second >> 32) ^
      entry(2, second >> 40) ^
      entry(1, second >> 48) ^
      entry(0, second >> 56);
  }
  for (; at < end; at++) sum = (sum >> 8) ^ entry(0, sum ^ load<u8>(at));
  return sum;
}
