const INITIAL_SLOTS = 1024;
const INITIAL_ARENA_BYTES = 16 * 1024;

/** Entries as arrays: entry i is the bytes from `starts[i]` to `starts[i + 1]`. */
export interface TableEntries {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly counts: Float64Array;
}

/**
 * A hash table from words, as UTF-8 bytes, to counts: open addressing, all words in one arena, no string and no object per
 * word. Counts are exact up to 2^53 − 1.
 */
export class WordTable {
  /** Slot → entry number + 1; 0 is free. Empty while adopted entries are not indexed, which only look-ups and additions need. */
  #slots: Uint32Array = new Uint32Array(INITIAL_SLOTS);
  #hashes: Uint32Array = new Uint32Array(INITIAL_SLOTS / 2);
  /** Entry → start of its word in the arena; the next entry's start is its end. */
  #starts: Uint32Array = new Uint32Array(INITIAL_SLOTS / 2 + 1);
  #counts: Float64Array = new Float64Array(INITIAL_SLOTS / 2);
  #arena: Uint8Array = new Uint8Array(INITIAL_ARENA_BYTES);
  #size = 0;

  /**
   * Takes entries that were made elsewhere, all different. The arrays belong to the table from then on.
   */
  static adopt({ bytes, starts, counts }: TableEntries): WordTable {
    const table = new WordTable();
    table.#arena = bytes;
    table.#starts = starts;
    table.#counts = counts;
    table.#size = counts.length;
    table.#slots = new Uint32Array(0);
    return table;
  }

  /** The entries as arrays that {@link WordTable.adopt} takes. They may share the table's memory. */
  entries(): TableEntries {
    const size = this.#size;
    return {
      bytes: this.#arena.subarray(0, this.#starts[size]),
      starts: this.#starts.subarray(0, size + 1),
      counts: this.#counts.subarray(0, size),
    };
  }

  /** How many different words there are. */
  get size(): number {
    return this.#size;
  }

  /** Counts the word in the first `length` of `bytes`. */
  add(bytes: Uint8Array, length: number, count = 1): void {
    if (this.#slots.length === 0) this.#indexEntries();
    const hash = hashBytes(bytes, length);
    const slot = this.#find(bytes, length, hash);
    const entry = (this.#slots[slot] as number) - 1;
    if (entry >= 0) this.#counts[entry] = (this.#counts[entry] as number) + count;
    else this.#insert(slot, bytes, length, hash, count);
  }

  /** Counts entries that were counted elsewhere. */
  addAll({ bytes, starts, counts }: TableEntries): void {
    for (let entry = 0; entry < counts.length; entry += 1) {
      const word = bytes.subarray(starts[entry], starts[entry + 1]);
      this.add(word, word.length, counts[entry]);
    }
  }

  /** How often the word occurs; 0 if never. */
  get(bytes: Uint8Array): number {
    if (this.#slots.length === 0) this.#indexEntries();
    const slot = this.#find(bytes, bytes.length, hashBytes(bytes, bytes.length));
    const entry = (this.#slots[slot] as number) - 1;
    return entry < 0 ? 0 : this.count(entry);
  }

  /** The word of an entry, from 0 to `size − 1`, valid until the next `add`. */
  word(entry: number): Uint8Array {
    return this.#arena.subarray(this.#starts[entry], this.#starts[entry + 1]);
  }

  count(entry: number): number {
    return this.#counts[entry] as number;
  }

  /** Below 0 if the first entry's word comes first in code-point order, which is the order of UTF-8 bytes. */
  compareWords(first: number, second: number): number {
    const starts = this.#starts;
    const firstStart = starts[first] as number;
    const secondStart = starts[second] as number;
    const firstLength = (starts[first + 1] as number) - firstStart;
    const secondLength = (starts[second + 1] as number) - secondStart;
    const common = Math.min(firstLength, secondLength);
    for (let index = 0; index < common; index += 1) {
      const difference =
        (this.#arena[firstStart + index] as number) - (this.#arena[secondStart + index] as number);
      if (difference !== 0) return difference;
    }
    return firstLength - secondLength;
  }

  /** The slot of the word, or the free slot where it belongs. */
  #find(bytes: Uint8Array, length: number, hash: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) return slot;
      if (this.#hashes[entry] === hash && this.#equals(entry, bytes, length)) return slot;
    }
  }

  #equals(entry: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - start !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.#arena[start + index] !== bytes[index]) return false;
    }
    return true;
  }

  #insert(slot: number, bytes: Uint8Array, length: number, hash: number, count: number): void {
    const entry = this.#size;
    const start = this.#starts[entry] as number;
    if (start + length > this.#arena.length) this.#growArena(start + length);
    this.#arena.set(bytes.subarray(0, length), start);
    this.#starts[entry + 1] = start + length;
    this.#hashes[entry] = hash;
    this.#counts[entry] = count;
    this.#size = entry + 1;
    this.#slots[slot] = this.#size;
    // At most half full, so that probing stays short.
    if (this.#size * 2 >= this.#slots.length) this.#resizeSlots(this.#slots.length * 2);
  }

  #growArena(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#arena.length * 2));
    grown.set(this.#arena);
    this.#arena = grown;
  }

  #indexEntries(): void {
    this.#hashes = new Uint32Array(this.#size);
    for (let entry = 0; entry < this.#size; entry += 1) {
      const word = this.word(entry);
      this.#hashes[entry] = hashBytes(word, word.length);
    }
    let slots = INITIAL_SLOTS;
    while (slots <= this.#size * 2) slots *= 2;
    this.#resizeSlots(slots);
  }

  #resizeSlots(length: number): void {
    const slots = new Uint32Array(length);
    const capacity = slots.length / 2;
    const mask = slots.length - 1;
    for (let entry = 0; entry < this.#size; entry += 1) {
      let slot = (this.#hashes[entry] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry + 1;
    }
    this.#slots = slots;
    this.#hashes = grow(this.#hashes, new Uint32Array(capacity));
    this.#starts = grow(this.#starts, new Uint32Array(capacity + 1));
    this.#counts = grow(this.#counts, new Float64Array(capacity));
  }
}

/** FNV-1a, with a final mixing because slots are chosen by the lowest bits. */
function hashBytes(bytes: Uint8Array, length: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < length; index += 1) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) >>> 0;
}

function grow<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
