import type { WordTable } from './word-table.ts';

/** What of a table is sorted. */
type SortedTable = Pick<WordTable, 'size' | 'entries' | 'compareWords'>;

/**
 * Returns the numbers of all entries, ordered by word, in code-point order, which for UTF-8 is the order of
 * bytes.
 *
 * A radix sort by the first eight bytes, because a comparison reads two words from two places: words that begin
 * alike are compared afterwards.
 */
export function entriesByWord(table: SortedTable): Uint32Array {
  const { bytes, starts } = table.entries();
  const size = table.size;
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  const numbers = new Uint32Array(size);
  for (let entry = 0; entry < size; entry += 1) {
    numbers[entry] = entry;
    const start = starts[entry] as number;
    const end = starts[entry + 1] as number;
    high[entry] = fourBytes(bytes, start, end);
    low[entry] = fourBytes(bytes, start + 4, end);
  }
  const order = sortBy(high, sortBy(low, numbers));
  return sortAlike(table, order, (first, last) =>
    isAlike(order[first] as number, order[last] as number, high, low),
  );
}

/** Returns the numbers of all entries: by count, descending, then as {@link entriesByWord}. */
export function entriesByCount(table: SortedTable): Uint32Array {
  const { counts } = table.entries();
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (let entry = 0; entry < table.size; entry += 1) {
    least = Math.min(least, counts[entry] as number);
    most = Math.max(most, counts[entry] as number);
  }
  return table.size <= FEW && most - least < 2 ** 16 ? fewByCount(table, most) : manyByCount(table, most);
}

/** Numbers of so few entries fit into 16 bits, and sorting them once takes less time than sorting by each digit. */
const FEW = 8192;
/** The index of the lower half of a 64-bit number, which depends on the byte order. */
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;

/**
 * Sorts 64-bit numbers, which the platform does without calling back. From the highest bits on, they have how far
 * the count is below `most`, the largest one; the first four bytes of the word; and the entry.
 */
function fewByCount(table: SortedTable, most: number): Uint32Array {
  const { bytes, starts, counts } = table.entries();
  const size = table.size;
  const keys = new BigUint64Array(size);
  const halves = new Uint32Array(keys.buffer);
  for (let entry = 0; entry < size; entry += 1) {
    const beginning = fourBytes(bytes, starts[entry] as number, starts[entry + 1] as number);
    halves[2 * entry + HIGH] = ((most - (counts[entry] as number)) << 16) | (beginning >>> 16);
    halves[2 * entry + LOW] = (beginning << 16) | entry;
  }
  keys.sort();
  const order = new Uint32Array(size);
  for (let index = 0; index < size; index += 1) {
    order[index] = (halves[2 * index + LOW] as number) & 0xffff;
  }
  const isAlikeAt = (first: number, last: number): boolean =>
    halves[2 * first + HIGH] === halves[2 * last + HIGH] &&
    (halves[2 * first + LOW] as number) >>> 16 === (halves[2 * last + LOW] as number) >>> 16;
  return sortAlike(table, order, isAlikeAt);
}

function manyByCount(table: SortedTable, most: number): Uint32Array {
  const { counts } = table.entries();
  const size = table.size;
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  for (let entry = 0; entry < size; entry += 1) {
    // The sort is stable and ascending, so it sorts by how far counts are below the largest one. Digits that are
    // zero for all entries need no sorting.
    const lacking = most - (counts[entry] as number);
    high[entry] = lacking / 2 ** 32;
    low[entry] = lacking;
  }
  return sortBy(high, sortBy(low, entriesByWord(table)));
}

/** Sorts neighbours that are still alike by their whole words. `isAlikeAt` takes places in `order`. */
function sortAlike(
  table: SortedTable,
  order: Uint32Array,
  isAlikeAt: (first: number, last: number) => boolean,
): Uint32Array {
  for (let first = 0; first < order.length; ) {
    let last = first + 1;
    while (last < order.length && isAlikeAt(first, last)) last += 1;
    if (last - first > 1) order.subarray(first, last).sort((a, b) => table.compareWords(a, b));
    first = last;
  }
  return order;
}

/** Four bytes of a word as a number that sorts as they do; zeros stand for those after its end. */
function fourBytes(bytes: Uint8Array, at: number, end: number): number {
  const rest = end - at;
  if (rest >= 4) {
    return (
      (((bytes[at] as number) << 24) |
        ((bytes[at + 1] as number) << 16) |
        ((bytes[at + 2] as number) << 8) |
        (bytes[at + 3] as number)) >>>
      0
    );
  }
  let number = 0;
  for (let index = 0; index < rest; index += 1) number |= (bytes[at + index] as number) << (24 - 8 * index);
  return number >>> 0;
}

function isAlike(a: number, b: number, high: Uint32Array, low: Uint32Array): boolean {
  return high[a] === high[b] && low[a] === low[b];
}

/** With fewer entries, counting 65,536 digits takes longer than sorting twice by 256. */
const MANY = 16_384;

/** Sorts `order` by the numbers that `keys` has for it; equal ones stay in order. Both arrays may be reused. */
function sortBy(keys: Uint32Array, order: Uint32Array): Uint32Array {
  const bits = order.length < MANY ? 8 : 16;
  const spare = new Uint32Array(order.length);
  let [from, to]: [Uint32Array, Uint32Array] = [order, spare];
  for (let shift = 0; shift < 32; shift += bits) {
    if (sortByDigit(keys, from, to, shift, 2 ** bits)) [from, to] = [to, from];
  }
  return from;
}

/** Sorts by one digit, from one array to the other. Returns false, without doing so, if all have the same one. */
function sortByDigit(
  keys: Uint32Array,
  from: Uint32Array,
  to: Uint32Array,
  shift: number,
  digits: number,
): boolean {
  const mask = digits - 1;
  const places = new Uint32Array(digits);
  for (const key of keys) places[(key >>> shift) & mask] = (places[(key >>> shift) & mask] as number) + 1;
  let place = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const found = places[digit] as number;
    if (found === keys.length) return false;
    places[digit] = place;
    place += found;
  }
  for (let index = 0; index < from.length; index += 1) {
    const entry = from[index] as number;
    const digit = ((keys[entry] as number) >>> shift) & mask;
    const at = places[digit] as number;
    to[at] = entry;
    places[digit] = at + 1;
  }
  return true;
}
