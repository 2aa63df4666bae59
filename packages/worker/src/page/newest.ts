/** Keeps the newest of many items that are added in any order. */
export interface Newest<T> {
  add(item: T): void;
  /** Newest first; of the same moment, the one that came first. */
  items(): readonly T[];
}

/** Keeps `size` items, never more than twice as many in memory. */
export function keepNewest<T>(size: number, timeOf: (item: T) => number): Newest<T> {
  let kept: T[] = [];
  const trim = (): T[] => kept.sort((a, b) => timeOf(b) - timeOf(a)).slice(0, size);
  return {
    add(item) {
      kept.push(item);
      if (kept.length >= 2 * size) kept = trim();
    },
    items: trim,
  };
}
