import type { WordTable } from '../count/word-table.ts';

/** Cuts UTF-8 into words and counts them. Chunks may end anywhere, also inside a character. */
export interface CountEngine {
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /** Takes the end of the text, of `totalBytes` bytes, and answers what was counted. */
  finish(totalBytes: number): { readonly table: WordTable; readonly words: number };
  /** Different words so far. */
  readonly distinctWords: number;
}
