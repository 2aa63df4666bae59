import type { TableMerger } from '../engine/table-merger.ts';
import { type TableEntries, WordTable } from './word-table.ts';

/**
 * The most frequent words of a text with too many different ones, in bounded memory: Misra and Gries,
 * "Finding repeated elements" (1982), in batches instead of single words, as Agarwal et al., "Mergeable
 * summaries" (2012), merge summaries. If there are more entries than `capacity`, the count at rank `capacity
 * + 1` is subtracted from all counts, and entries that are then not above 0 are dropped. Each time, the sum
 * of counts falls by at least `capacity + 1` times what a single count falls by, so no count becomes too low
 * by more than words / (capacity + 1).
 */
export class HeavyHitters {
  readonly #capacity: number;
  readonly #merge: TableMerger;
  #table = new WordTable();
  #maxError = 0;

  constructor(capacity: number, merge: TableMerger) {
    this.#capacity = capacity;
    this.#merge = merge;
  }

  /** By how much a count may be too low: the true count is between `count` and `count + maxError`. */
  get maxError(): number {
    return this.#maxError;
  }

  get table(): WordTable {
    return this.#table;
  }

  /** Adds counts, which themselves may be too low by `maxError`. */
  add(entries: TableEntries, maxError = 0): void {
    this.#maxError += maxError;
    const { table, taken } = withinCapacity(this.#merge([this.#table.entries(), entries]), this.#capacity);
    this.#maxError += taken;
    this.#table = table;
  }
}

/** Keeps the most frequent words, at most `capacity` of them: `taken` is by how much all counts were lowered. */
export function withinCapacity(
  table: WordTable,
  capacity: number,
): { readonly table: WordTable; readonly taken: number } {
  if (table.size <= capacity) return { table, taken: 0 };
  const taken = firstTooMany(table.entries().counts, capacity);
  return { table: lowered(table.entries(), taken), taken };
}

/** Returns the count at rank `capacity + 1`: the highest one that does not fit. */
function firstTooMany(counts: Float64Array, capacity: number): number {
  const sorted = counts.slice().sort();
  return sorted[sorted.length - 1 - capacity] as number;
}

function lowered({ bytes, starts, counts }: TableEntries, by: number): WordTable {
  const left = new WordTable();
  for (let entry = 0; entry < counts.length; entry += 1) {
    const count = (counts[entry] as number) - by;
    if (count <= 0) continue;
    const word = bytes.subarray(starts[entry], starts[entry + 1]);
    left.add(word, word.length, count);
  }
  return left;
}
