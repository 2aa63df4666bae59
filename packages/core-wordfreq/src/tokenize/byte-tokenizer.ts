import type { WordSink } from '../count/word-sink.ts';
import type { WordDictionary } from '../dictionary/word-dictionary.ts';
import type { Warnings } from '../warnings.ts';

/** What a tokenizer works with. */
export interface TokenizerContext {
  /** Where words go. */
  readonly words: WordSink;
  readonly warnings: Warnings;
  readonly maxTokenBytes: number;
  /** Leave upper case as it is. */
  readonly keepCase: boolean;
  readonly dictionary: WordDictionary | undefined;
}

/** Cuts bytes into words and counts them, and notes what is noteworthy. Chunks may end anywhere, also inside a character. */
export interface ByteTokenizer {
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /** Takes the end of the text, of `totalBytes` bytes. */
  finish(totalBytes: number): void;
  /** Words so far. */
  readonly words: number;
}
