import type { TableEntries, WordTable } from '../count/word-table.ts';

/** Cuts UTF-8 into words and counts them. Chunks may end anywhere, also inside a character. */
export interface CountEngine {
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /** Adds what was counted elsewhere to the table. It is not among the `words` of {@link finish}. */
  add(entries: TableEntries): void;
  /**
   * Takes the end of the text, of `totalBytes` bytes, and answers what was counted. More may follow where the text so far ends in white
   * space: no word is open there. The table is valid until it does.
   */
  finish(totalBytes: number): { readonly table: WordTable; readonly words: number };
  /** After {@link finish}, where nothing more follows: lets memory go. Nothing may be called after it. */
  release(): void;
  /** Different words so far. */
  readonly distinctWords: number;
  /** The last words before this place that runs of words may still need; none where single words are counted. */
  readonly lastWords: readonly Uint8Array[];
}
