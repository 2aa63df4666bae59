import type { TableEntries, WordTable } from '../count/word-table.ts';
import type { TableMerger } from './table-merger.ts';

/** Segments UTF-8 into words and counts them. Chunks may end anywhere, also inside a character. */
export interface CountEngine {
  /** Merges tables of this engine. */
  readonly merge: TableMerger;
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /**
   * Adds entries that were counted elsewhere to the table. The `words` of {@link finish} do not include them.
   */
  add(entries: TableEntries): void;
  /**
   * Takes the end of the text, of `totalBytes` bytes, and returns what was counted. More text may follow if
   * the text so far ends in white space, because no word is open there. The table is valid until then.
   */
  finish(totalBytes: number): { readonly table: WordTable; readonly words: number };
  /** Releases the engine's memory. It is the last call, after {@link finish}. */
  release(): void;
  /** The number of distinct words so far. */
  readonly distinctWords: number;
  /** The last words before this place that the next n-gram needs; none if single words are counted. */
  readonly lastWords: readonly Uint8Array[];
}
