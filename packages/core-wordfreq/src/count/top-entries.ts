import { entriesByCount } from './entry-order.ts';
import type { WordTable } from './word-table.ts';

/** If more than one entry in this many is wanted, sorting all of them is faster than a heap. */
const MANY = 8;

/**
 * Returns the numbers of the `n` most frequent entries, the most frequent first, ties in code-point order. For
 * few of many, it keeps a heap of `n` entries instead of sorting all of them.
 */
export function topEntries(table: WordTable, n: number): Uint32Array {
  if (n >= table.size / MANY) return entriesByCount(table).subarray(0, n);
  const { counts } = table.entries();
  /** Above 0 if entry `a` ranks below entry `b`. */
  const compare = (a: number, b: number): number =>
    (counts[b] as number) - (counts[a] as number) || table.compareWords(a, b);
  const below: Below = (a, b) => compare(a, b) > 0;
  // The heap has its lowest-ranking entry on top, which is the one to replace.
  const heap: number[] = [];
  let lowest = 0;
  for (let entry = 0; entry < table.size && n > 0; entry += 1) {
    // Most words stop here.
    if ((counts[entry] as number) < lowest) continue;
    if (heap.length < n) siftUp(heap, entry, below);
    else if (below(heap[0] as number, entry)) {
      heap[0] = entry;
      siftDown(heap, below);
    }
    if (heap.length === n) lowest = counts[heap[0] as number] as number;
  }
  return Uint32Array.from(heap.sort(compare));
}

type Below = (a: number, b: number) => boolean;

function siftUp(heap: number[], added: number, below: Below): void {
  let index = heap.push(added) - 1;
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!below(added, heap[parent] as number)) break;
    heap[index] = heap[parent] as number;
    index = parent;
  }
  heap[index] = added;
}

function siftDown(heap: number[], below: Below): void {
  const moved = heap[0] as number;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && below(heap[child + 1] as number, heap[child] as number)) child += 1;
    if (!below(heap[child] as number, moved)) break;
    heap[index] = heap[child] as number;
    index = child;
  }
  heap[index] = moved;
}
