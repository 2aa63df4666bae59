import type { WordSink } from '../count/word-sink.ts';
import type { Warnings } from '../warnings.ts';
import type { SegmenterOptions } from './dictionary-segmenter.ts';

/** What a tokenizer needs. */
export interface TokenizerContext extends SegmenterOptions {
  /** Receives the words. */
  readonly words: WordSink;
  readonly warnings: Warnings;
  readonly maxTokenBytes: number;
  /** Keep upper case as it is. */
  readonly keepCase: boolean;
}

/**
 * Segments bytes into words, passes them on, and warns of what is unusual. Chunks may end anywhere, even
 * inside a character.
 */
export interface ByteTokenizer {
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /** Takes the end of the text, of `totalBytes` bytes. */
  finish(totalBytes: number): void;
  /** The number of words so far. */
  readonly words: number;
}
