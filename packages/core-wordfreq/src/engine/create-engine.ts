import { WordfreqError } from '../errors.ts';
import type { ResolvedOptions } from '../options.ts';
import type { Warnings } from '../warnings.ts';
import type { CountEngine } from './count-engine.ts';
import { createJavaScriptEngine } from './javascript-engine.ts';
import { MemoryPool } from './memory-pool.ts';
import { mergeInJavaScript, type TableMerger } from './table-merger.ts';
import { createWasmEngine } from './wasm-engine.ts';
import { wasmMerger } from './wasm-merge.ts';
import { isWasmAvailable } from './wasm-module.ts';
import type { WordExchange } from './word-exchange.ts';

/**
 * The memory of all engines of this process. It is here, and not an argument, because a counter's memory goes
 * to the next counter, and callers make counters one by one. Everything below takes the pool as an argument.
 */
const pool: MemoryPool = /* @__PURE__ */ new MemoryPool();
const mergeInWasm: TableMerger = /* @__PURE__ */ wasmMerger(pool);

/**
 * Creates the engine that the options ask for. Both engines give the same counts; they differ in speed and in
 * the order of the table. `lastWords` are the words before the text, for n-grams. Only WebAssembly engines
 * exchange words.
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
      'Option engine: expected a platform with WebAssembly SIMD for "wasm", got one without, or one that does not allow compiling it. ' +
        'Use "auto" or "javascript"; on Cloudflare Workers, call setEngine with the import of @org/wordfreq-core/engine.wasm.',
      'engine',
    );
  }
  // The ancestor's rule is there for compatibility; like rare options, it has no fast implementation.
  const { keepCase, locale, ngram } = options;
  const isRare = tokenizer === 'aws-go-wordfreq-sample' || keepCase || locale !== undefined || ngram > 1;
  if (isRare || mergerFor(options) === mergeInJavaScript) {
    return createJavaScriptEngine(options, warnings, lastWords);
  }
  return createWasmEngine({ pool, merge: mergeInWasm, options, warnings, exchange });
}

/** Returns the merger that fits the option `engine` and the platform. */
export function mergerFor({ engine }: ResolvedOptions): TableMerger {
  return engine === 'javascript' || !isWasmAvailable() ? mergeInJavaScript : mergeInWasm;
}
