import { NgramJoiner } from '../count/ngram-joiner.ts';
import { WordTable } from '../count/word-table.ts';
import type { ResolvedOptions } from '../options.ts';
import { createTokenizer } from '../tokenize/create-tokenizer.ts';
import type { Warnings } from '../warnings.ts';
import type { CountEngine } from './count-engine.ts';
import { mergeInJavaScript } from './table-merger.ts';

/** Creates the engine that runs everywhere. `lastWords` are the words before the text, for n-grams. */
export function createJavaScriptEngine(
  options: ResolvedOptions,
  warnings: Warnings,
  lastWords: readonly Uint8Array[],
): CountEngine {
  const table = new WordTable();
  // The case rules of a language look at whole words, so they follow (src/fold/locale-case.ts).
  const { tokenizer: name, ngram, keepCase, locale } = options;
  const joiner = ngram > 1 ? new NgramJoiner(ngram, table, lastWords) : undefined;
  const words = joiner ?? table;
  const tokenizer = createTokenizer(name, {
    ...options,
    words,
    warnings,
    keepCase: keepCase || locale !== undefined,
  });
  return {
    merge: mergeInJavaScript,
    push: (chunk, base) => tokenizer.push(chunk, base),
    add: (entries) => table.addAll(entries),
    finish: (totalBytes) => {
      tokenizer.finish(totalBytes);
      return { table, words: joiner?.runs ?? tokenizer.words };
    },
    release: () => undefined,
    get distinctWords(): number {
      return table.size;
    },
    get lastWords(): readonly Uint8Array[] {
      return joiner?.lastWords ?? [];
    },
  };
}
