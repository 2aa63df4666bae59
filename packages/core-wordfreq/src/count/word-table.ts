import {
  isOwnKey,
  type KeyMixer,
  keyHigh,
  keyLow,
  mix,
  PUBLIC_MIXER,
  secretMixer,
  setKey,
  unpack,
} from './word-key.ts';
import type { WordSink } from './word-sink.ts';

const INITIAL_SLOTS = 1024;
const INITIAL_ARENA_BYTES = 16 * 1024;
/**
 * A table is at most half full, so a longer search is no accident. The table is then rehashed with a secret, at
 * most once.
 */
const MOST_PROBES = 512;

/** Entries as arrays: the word of entry i is the bytes from `starts[i]` to `starts[i + 1]`. */
export interface TableEntries {
  readonly bytes: Uint8Array;
  readonly starts: Uint32Array;
  readonly counts: Float64Array;
}

/**
 * A hash table from words, as UTF-8 bytes, to counts: open addressing, all words in one arena, no string and
 * no object per word. Counts are exact up to 2^53 − 1.
 *
 * A slot is four numbers: the number of the entry + 1 (0 if free), the two halves of the word's key, and the
 * occurrences since counts were last gathered, so that counting a word touches one place in memory. The key
 * of a word of up to eight bytes is the word itself, so that a common word is found without reading its bytes
 * from the arena. The key of other words is a hash, and their entry number is negative. So are words that end
 * in a zero byte, because keys are padded with zeros.
 */
export class WordTable implements WordSink {
  /** Empty while adopted entries are not indexed; only lookups and additions need the index. */
  #slots: Int32Array;
  /** Entry → start of its word in the arena; the next entry's start is its end. */
  #starts: Uint32Array;
  #counts: Float64Array;
  #arena: Uint8Array;
  #size: number;
  /** Whether slots may have counts. */
  #isScattered = false;
  #mixer: KeyMixer = PUBLIC_MIXER;

  /** Makes a table of entries with distinct words, or an empty one. From then on the arrays belong to the table. */
  constructor(adopted?: TableEntries) {
    this.#slots = new Int32Array(adopted === undefined ? INITIAL_SLOTS * 4 : 0);
    this.#starts = adopted?.starts ?? new Uint32Array(INITIAL_SLOTS / 2 + 1);
    this.#counts = adopted?.counts ?? new Float64Array(INITIAL_SLOTS / 2);
    this.#arena = adopted?.bytes ?? new Uint8Array(INITIAL_ARENA_BYTES);
    this.#size = adopted?.counts.length ?? 0;
  }

  /**
   * Returns the entries as arrays, as the constructor takes them. They may share the table's memory.
   */
  entries(): TableEntries {
    this.#gather();
    const size = this.#size;
    return {
      bytes: this.#arena.subarray(0, this.#starts[size]),
      starts: this.#starts.subarray(0, size + 1),
      counts: this.#counts.subarray(0, size),
    };
  }

  /** The number of distinct words. */
  get size(): number {
    return this.#size;
  }

  /** Counts the word in the first `length` of `bytes`. */
  add(bytes: Uint8Array, length: number, count = 1): void {
    const at = this.#find(bytes, length);
    const found = this.#slots[at] as number;
    const entry = found === 0 ? this.#insert(at, bytes, length) : Math.abs(found) - 1;
    this.#counts[entry] = (this.#counts[entry] as number) + count;
  }

  /**
   * Counts a word of up to eight bytes, none of them zero: the first four bytes in `low`, the first one
   * lowest, the rest in `high`.
   */
  addShort(low: number, high: number, length: number): void {
    const slots = this.#slots;
    const last = slots.length - 4;
    const { lowFactor, highFactor } = this.#mixer;
    for (let at = (mix(low, high, lowFactor, highFactor) << 2) & last; ; at = (at + 4) & last) {
      const entry = slots[at];
      if (entry === undefined || entry === 0) break;
      if (slots[at + 1] === low && slots[at + 2] === high && entry > 0) {
        const count = (slots[at + 3] as number) + 1;
        slots[at + 3] = count;
        this.#isScattered = true;
        if (count === MAX_SLOT_COUNT) this.#gather();
        return;
      }
    }
    this.add(unpack(low, high), length);
  }

  /** Counts entries that were counted elsewhere. */
  addAll({ bytes, starts, counts }: TableEntries): void {
    for (let entry = 0; entry < counts.length; entry += 1) {
      const word = bytes.subarray(starts[entry], starts[entry + 1]);
      this.add(word, word.length, counts[entry]);
    }
  }

  /** Returns the count of a word, or 0. */
  get(bytes: Uint8Array): number {
    const at = this.#find(bytes, bytes.length);
    const found = this.#slots[at] as number;
    return found === 0 ? 0 : this.count(Math.abs(found) - 1);
  }

  /** Returns the word of an entry, from 0 to `size − 1`; valid until the next `add`. */
  word(entry: number): Uint8Array {
    return this.#arena.subarray(this.#starts[entry], this.#starts[entry + 1]);
  }

  count(entry: number): number {
    if (this.#isScattered) this.#gather();
    return this.#counts[entry] as number;
  }

  /**
   * Returns a number below 0 if the first entry's word precedes the second's in code-point order, which is
   * the order of UTF-8 bytes.
   */
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

  /** Returns the index of the word's slot, or of the free slot where it belongs. */
  #find(bytes: Uint8Array, length: number): number {
    if (this.#slots.length === 0) this.#indexEntries();
    const slots = this.#slots;
    const last = slots.length - 4;
    const { lowFactor, highFactor, basis } = this.#mixer;
    setKey(bytes, length, basis);
    let at = (mix(keyLow, keyHigh, lowFactor, highFactor) << 2) & last;
    const most = this.#mixer === PUBLIC_MIXER ? MOST_PROBES : Number.POSITIVE_INFINITY;
    for (let probes = 0; probes < most; probes += 1, at = (at + 4) & last) {
      const found = slots[at] as number;
      if (found === 0) return at;
      if (slots[at + 1] !== keyLow || slots[at + 2] !== keyHigh || found > 0 !== isOwnKey) continue;
      if (isOwnKey || this.#equals(-found - 1, bytes, length)) return at;
    }
    this.#gather();
    this.#mixer = secretMixer();
    this.#indexEntries();
    return this.#find(bytes, length);
  }

  #equals(entry: number, bytes: Uint8Array, length: number): boolean {
    const start = this.#starts[entry] as number;
    if ((this.#starts[entry + 1] as number) - start !== length) return false;
    for (let index = 0; index < length; index += 1) {
      if (this.#arena[start + index] !== bytes[index]) return false;
    }
    return true;
  }

  /** Inserts the word that `#find` searched into the free slot that it returned. */
  #insert(at: number, bytes: Uint8Array, length: number): number {
    const entry = this.#size;
    const start = this.#starts[entry] as number;
    if (start + length > this.#arena.length) this.#growArena(start + length);
    this.#arena.set(bytes.subarray(0, length), start);
    this.#starts[entry + 1] = start + length;
    this.#size = entry + 1;
    this.#fill(at, isOwnKey ? entry + 1 : -entry - 1, keyLow, keyHigh, 0);
    // At most half full, so that probing stays short.
    if (this.#size * 8 >= this.#slots.length) this.#growSlots();
    return entry;
  }

  #fill(at: number, reference: number, low: number, high: number, count: number): void {
    this.#slots[at] = reference;
    this.#slots[at + 1] = low;
    this.#slots[at + 2] = high;
    this.#slots[at + 3] = count;
  }

  /** Moves the occurrences in the slots to the counts. */
  #gather(): void {
    this.#isScattered = false;
    const slots = this.#slots;
    for (let at = 0; at < slots.length; at += 4) {
      const count = slots[at + 3] as number;
      if (count === 0) continue;
      const entry = (slots[at] as number) - 1;
      this.#counts[entry] = (this.#counts[entry] as number) + count;
      slots[at + 3] = 0;
    }
  }

  #growArena(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#arena.length * 2));
    grown.set(this.#arena);
    this.#arena = grown;
  }

  #indexEntries(): void {
    let slots = INITIAL_SLOTS;
    while (slots <= this.#size * 2) slots *= 2;
    this.#slots = new Int32Array(slots * 4);
    for (let entry = 0; entry < this.#size; entry += 1) {
      const word = this.word(entry);
      setKey(word, word.length, this.#mixer.basis);
      this.#fillFree(isOwnKey ? entry + 1 : -entry - 1, keyLow, keyHigh, 0);
    }
    this.#makeRoom(slots / 2);
  }

  #growSlots(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let at = 0; at < old.length; at += 4) {
      const reference = old[at] as number;
      if (reference === 0) continue;
      this.#fillFree(reference, old[at + 1] as number, old[at + 2] as number, old[at + 3] as number);
    }
    this.#makeRoom(this.#slots.length / 8);
  }

  #fillFree(reference: number, low: number, high: number, count: number): void {
    const last = this.#slots.length - 4;
    const { lowFactor, highFactor } = this.#mixer;
    let at = (mix(low, high, lowFactor, highFactor) << 2) & last;
    while (this.#slots[at] !== 0) at = (at + 4) & last;
    this.#fill(at, reference, low, high, count);
  }

  #makeRoom(entries: number): void {
    this.#starts = grow(this.#starts, new Uint32Array(entries + 1));
    this.#counts = grow(this.#counts, new Float64Array(entries));
  }
}

/** The largest number that a slot holds. */
const MAX_SLOT_COUNT = 2 ** 31 - 1;

function grow<T extends Uint32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
