import { type TableEntries, WordTable } from './word-table.ts';

/** Returns another spelling of the word from `from` to `end`; undefined if it keeps its spelling. */
export type Respell = (bytes: Uint8Array, from: number, end: number) => Uint8Array | undefined;

/**
 * Returns a table with other spellings. Words that become equal become one. The table that was given must not
 * be used any more: most words stay where they are, in its memory.
 */
export function respellWords(table: WordTable, respell: Respell): WordTable {
  const entries = table.entries();
  const { bytes, starts, counts } = entries;
  let respelled: WordTable | undefined;
  const changed: number[] = [];
  for (let entry = 0; entry < counts.length; entry += 1) {
    const word = respell(bytes, starts[entry] as number, starts[entry + 1] as number);
    if (word === undefined) continue;
    changed.push(entry);
    respelled ??= new WordTable();
    respelled.add(word, word.length, counts[entry]);
  }
  return respelled === undefined ? table : replace(entries, changed, respelled);
}

/** Closes the gaps of the words that changed, and appends them in their new spelling. */
function replace(entries: TableEntries, changed: readonly number[], respelled: WordTable): WordTable {
  const { bytes, starts, counts } = entries;
  const size = counts.length;
  const bytesEnd = starts[size] as number;
  const mayBeIn = likenessOf(respelled);
  let kept = 0;
  let keptEnd = 0;
  // Words that stay side by side are moved together.
  let runFrom = 0;
  const moveRun = (runEnd: number): void => {
    if (keptEnd !== runFrom) bytes.copyWithin(keptEnd, runFrom, runEnd);
    keptEnd += runEnd - runFrom;
  };
  let next = 0;
  let from = 0;
  for (let entry = 0; entry < size; entry += 1) {
    const to = starts[entry + 1] as number;
    const count = counts[entry] as number;
    const isChanged = changed[next] === entry;
    if (isChanged) next += 1;
    const isKnown = !isChanged && mayBeIn(bytes, from, to) && respelled.get(bytes.subarray(from, to)) > 0;
    if (isKnown) respelled.add(bytes.subarray(from, to), to - from, count);
    if (isChanged || isKnown) {
      moveRun(from);
      runFrom = to;
    } else {
      counts[kept] = count;
      kept += 1;
      starts[kept] = keptEnd + to - runFrom;
    }
    from = to;
  }
  moveRun(bytesEnd);
  return append(entries, kept, keptEnd, respelled.entries());
}

/** Returns a cheap test that every word of the table passes, and most other words fail. */
function likenessOf(table: WordTable): (bytes: Uint8Array, from: number, end: number) => boolean {
  const kinds = new Uint8Array(2 ** 16);
  const kindOf = (bytes: Uint8Array, from: number, end: number): number =>
    (((bytes[from] as number) << 8) ^ ((bytes[end - 1] as number) << 4) ^ (end - from)) & 0xffff;
  for (let entry = 0; entry < table.size; entry += 1) {
    const word = table.word(entry);
    kinds[kindOf(word, 0, word.length)] = 1;
  }
  return (bytes, from, end) => kinds[kindOf(bytes, from, end)] === 1;
}

/** Appends entries to the first `size` ones, in the same memory if they fit. */
function append(to: TableEntries, size: number, end: number, more: TableEntries): WordTable {
  const sizeAfter = size + more.counts.length;
  const endAfter = end + more.bytes.length;
  const bytes = endAfter <= to.bytes.length ? to.bytes : new Uint8Array(endAfter);
  if (bytes !== to.bytes) bytes.set(to.bytes.subarray(0, end));
  bytes.set(more.bytes, end);
  to.counts.set(more.counts, size);
  for (let index = 1; index < more.starts.length; index += 1) {
    to.starts[size + index] = end + (more.starts[index] as number);
  }
  return new WordTable({
    bytes: bytes.subarray(0, endAfter),
    starts: to.starts.subarray(0, sizeAfter + 1),
    counts: to.counts.subarray(0, sizeAfter),
  });
}
