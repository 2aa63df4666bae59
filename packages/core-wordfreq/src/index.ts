export {
  DETECTION_BYTES,
  type EncodingDetector,
  type EncodingGuess,
  type EncodingSource,
  encodingNamed,
  type TextEncoding,
} from './charset/text-encoding.ts';
export { type CountWordsOptions, countWords } from './count-words.ts';
export { WordCounter } from './counter.ts';
export type { CjkUnit } from './dictionary/segment-run.ts';
export { withWords } from './dictionary/with-words.ts';
export type { DictionaryScript, DictionaryTable, WordDictionary } from './dictionary/word-dictionary.ts';
export { setEngine } from './engine/wasm-module.ts';
export { WordfreqError, type WordfreqErrorCode } from './errors.ts';
export { type FilterOptions, filterCounts } from './filter-counts.ts';
export { FOLDS, type Fold } from './fold/fold-word.ts';
export { CASE_LOCALES, type CaseLocale } from './fold/locale-case.ts';
export { mergeCounts } from './merge-counts.ts';
export {
  CJK_UNITS,
  type Engine,
  fingerprintOptions,
  NORMALIZATIONS,
  type Normalization,
  type Overflow,
  type ResolvedOptions,
  resolveOptions,
  TOKENIZERS,
  type Tokenizer,
  type WordCounterOptions,
} from './options.ts';
export { finishPart, mergeParts, type Part, PartCounter } from './part.ts';
export { ENCODING_VERSION } from './serialization/counts-format.ts';
export { decodeCounts, encodeCounts, mergeEncoded } from './serialization/encode-counts.ts';
export type { ByteSource } from './serialization/format-reader.ts';
export {
  type BlobLike,
  type FileHandleLike,
  type ReadySource,
  type ResponseLike,
  type TextChunk,
  type TextSource,
  type WebStreamLike,
  withLineEnds,
} from './text-source.ts';
export { UNICODE_VERSION } from './tokenize/generated/unicode-tables.ts';
export type { CountWarning, WarningCode } from './warnings.ts';
export { type WordColumns, type WordCount, WordCounts, type WordCountsJson } from './word-counts.ts';
