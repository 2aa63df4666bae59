import { BURMESE_WORDS, BURMESE_WORDS_VERSION } from './generated/burmese-words.ts';
import { KHMER_WORDS, KHMER_WORDS_VERSION } from './generated/khmer-words.ts';
import { LAO_WORDS, LAO_WORDS_VERSION } from './generated/lao-words.ts';
import { THAI_WORDS, THAI_WORDS_VERSION } from './generated/thai-words.ts';
import { type LookaheadScript, lookaheadTable } from './lookahead-table.ts';
import { defineDictionary, type WordDictionary } from './word-dictionary.ts';

function define(script: LookaheadScript, version: string, words: string): WordDictionary {
  return defineDictionary(script, version, words, (bytes, moreWords) =>
    lookaheadTable(script, bytes, moreWords),
  );
}

/**
 * 26,383 Thai words: ICU's dictionary, which browsers and Node use for `Intl.Segmenter`, in a form of our own. With
 * it, the `unicode` tokenizer segments Thai in the same way on every platform and version, even without
 * `Intl.Segmenter`, and many times faster.
 *
 * @example
 * import { countWords } from '@org/wordfreq-core';
 * import { thaiDictionary } from '@org/wordfreq-core/southeast-asia';
 *
 * const counts = await countWords('ภาษาไทยง่าย', { dictionary: thaiDictionary });
 * counts.get('ภาษา'); // 1
 */
export const thaiDictionary: WordDictionary = /* @__PURE__ */ define('thai', THAI_WORDS_VERSION, THAI_WORDS);

/** 30,550 Lao words, otherwise as {@link thaiDictionary}. */
export const laoDictionary: WordDictionary = /* @__PURE__ */ define('lao', LAO_WORDS_VERSION, LAO_WORDS);

/** 81,028 Khmer words, otherwise as {@link thaiDictionary}. */
export const khmerDictionary: WordDictionary = /* @__PURE__ */ define(
  'khmer',
  KHMER_WORDS_VERSION,
  KHMER_WORDS,
);

/** 41,120 Burmese words, otherwise as {@link thaiDictionary}. */
export const burmeseDictionary: WordDictionary = /* @__PURE__ */ define(
  'burmese',
  BURMESE_WORDS_VERSION,
  BURMESE_WORDS,
);
