import { NgramJoiner } from '../count/ngram-joiner.ts';
import { WordTable } from '../count/word-table.ts';
import type { ResolvedOptions } from '../options.ts';
import { createTokenizer } from '../tokenize/create-tokenizer.ts';
import type { Warnings } from '../warnings.ts';
import type { CountEngine } from './count-engine.ts';

/** The engine that runs everywhere. */
export function createJavaScriptEngine(options: ResolvedOptions, warnings: Warnings): CountEngine {
  const table = new WordTable();
  const { tokenizer: name, maxTokenBytes, keepCase, ngram } = options;
  const joiner = ngram > 1 ? new NgramJoiner(ngram, table) : undefined;
  const tokenizer = createTokenizer(name, { words: joiner ?? table, warnings, maxTokenBytes, keepCase });
  return {
    push: (chunk, base) => tokenizer.push(chunk, base),
    finish: (totalBytes) => {
      tokenizer.finish(totalBytes);
      return { table, words: joiner?.runs ?? tokenizer.words };
    },
    get distinctWords(): number {
      return table.size;
    },
  };
}
