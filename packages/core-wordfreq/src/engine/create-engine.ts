import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Warnings } from '../warnings.ts';
import type { CountEngine } from './count-engine.ts';
import { createJavaScriptEngine } from './javascript-engine.ts';
import { offerMerger } from './merge-tables.ts';
import { createWasmEngine } from './wasm-engine.ts';
import { mergeInWasm } from './wasm-merge.ts';
import { isWasmAvailable } from './wasm-module.ts';
import type { WordExchange } from './word-exchange.ts';

/**
 * Makes the engine that the options ask for. Both give the same counts; they differ in speed and in the order of the table. `lastWords`
 * come before the text, for runs of words. Only WebAssembly's exchange words.
 *
 * @throws WordfreqError `engine-unavailable`
 */
export function createEngine(
  options: ResolvedOptions,
  warnings: Warnings,
  lastWords: readonly Uint8Array[] = [],
  exchange?: WordExchange,
): CountEngine {
  const { engine, tokenizer } = options;
  if (engine === 'wasm' && !isWasmAvailable()) {
    throw new WordfreqError(
      'engine-unavailable',
      'Option engine: expected a platform with WebAssembly SIMD for "wasm", got one without. Use "auto" or "javascript".',
      'engine',
    );
  }
  // The ancestor's rule is kept for compatibility; it and rare options do without speed.
  const isRare = tokenizer === 'aws-go-wordfreq-sample' || options.keepCase || options.ngram > 1;
  if (engine === 'javascript' || isRare || !isWasmAvailable()) {
    return createJavaScriptEngine(options, warnings, lastWords);
  }
  offerMerger(mergeInWasm);
  return createWasmEngine(options, warnings, exchange);
}
