import type { WordTable } from '../count/word-table.ts';
import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Warnings } from '../warnings.ts';
import { createJavaScriptEngine } from './javascript-engine.ts';
import { createWasmEngine } from './wasm-engine.ts';
import { isWasmAvailable } from './wasm-module.ts';

/** Cuts UTF-8 into words and counts them. Chunks may end anywhere, also inside a character. */
export interface CountEngine {
  /** Takes the bytes that follow, `base` bytes into the text. */
  push(chunk: Uint8Array, base: number): void;
  /** Takes the end of the text, of `totalBytes` bytes, and answers what was counted. */
  finish(totalBytes: number): { readonly table: WordTable; readonly words: number };
  /** Different words so far. */
  readonly distinctWords: number;
}

/**
 * Makes the engine that the options ask for. Both give the same counts; they differ in speed and in the order of the table.
 *
 * @throws WordfreqError `engine-unavailable`
 */
export function createEngine(options: ResolvedOptions, warnings: Warnings): CountEngine {
  const { engine, tokenizer } = options;
  if (engine === 'wasm' && !isWasmAvailable()) {
    throw new WordfreqError(
      'engine-unavailable',
      'Option engine: expected a platform with WebAssembly SIMD for "wasm", got one without. Use "auto" or "javascript".',
      'engine',
    );
  }
  // The ancestor's rule is kept for compatibility, and needs no speed.
  if (engine === 'javascript' || tokenizer === 'aws-go-wordfreq-sample' || !isWasmAvailable()) {
    return createJavaScriptEngine(options, warnings);
  }
  return createWasmEngine(options, warnings);
}
