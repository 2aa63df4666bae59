import { mergeTables } from '../engine/merge-tables.ts';
import { type TableEntries, WordTable } from './word-table.ts';

/**
 * The most frequent words of a text with too many different ones, in bounded memory: Misra and Gries, "Finding repeated elements" (1982),
 * with batches instead of single words, as Agarwal et al., "Mergeable summaries" (2012), merge summaries. When there are more entries than
 * `capacity`, the count of the first too many is taken from all, and what is then not above 0 goes. Each time that takes
 * `capacity + 1` times as much from the sum of counts as from any one of them, so no count gets lower by more than
 * words / (capacity + 1).
 */
export class HeavyHitters {
  readonly #capacity: number;
  #table = new WordTable();
  #maxError = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** By how much a count may be too low: the true one is from `count` to `count + maxError`. */
  get maxError(): number {
    return this.#maxError;
  }

  get table(): WordTable {
    return this.#table;
  }

  /** Adds counts, which themselves may be too low by `maxError`. */
  add(entries: TableEntries, maxError = 0): void {
    this.#maxError += maxError;
    const merged = mergeTables([this.#table.entries(), entries]);
    if (merged.size <= this.#capacity) {
      this.#table = merged;
      return;
    }
    const taken = firstTooMany(merged.entries().counts, this.#capacity);
    this.#maxError += taken;
    this.#table = lowered(merged.entries(), taken);
  }
}

/** The highest count that has no place. */
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
