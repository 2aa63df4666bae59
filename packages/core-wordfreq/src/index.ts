export { WordCounter } from './counter.ts';
export { WordfreqError, type WordfreqErrorCode } from './errors.ts';
export {
  type Engine,
  fingerprintOptions,
  type ResolvedOptions,
  resolveOptions,
  TOKENIZERS,
  type Tokenizer,
  type WordCounterOptions,
} from './options.ts';
export { UNICODE_VERSION } from './tokenize/generated/unicode-tables.ts';
export type { CountWarning, WarningCode } from './warnings.ts';
export { type WordCount, WordCounts } from './word-counts.ts';
