import { cjkTable } from './cjk-table.ts';
import { CJK_WORDS, CJK_WORDS_VERSION } from './generated/cjk-words.ts';
import { savingOf } from './segment-cjk.ts';
import { defineDictionary, type WordDictionary } from './word-dictionary.ts';

/**
 * 315,964 Chinese and Japanese words: ICU's dictionary, which browsers and Node use for `Intl.Segmenter`, in
 * a form of our own. With it, the `unicode` tokenizer segments Chinese and Japanese in the same way on every
 * platform and version, even without `Intl.Segmenter`, and many times faster. It adds 2 MB to the code, and 9
 * MB of memory when the first Chinese or Japanese is counted. Runs that contain rarer characters (half-width
 * katakana, ideographs beyond the Basic Multilingual Plane, combining marks) are still left to the platform.
 *
 * @example
 * import { countWords } from '@org/wordfreq-core';
 * import { cjkDictionary } from '@org/wordfreq-core/cjk';
 *
 * const counts = await countWords('我们在北京大学学习', { dictionary: cjkDictionary });
 * counts.get('北京'); // 1
 */
export const cjkDictionary: WordDictionary = /* @__PURE__ */ defineDictionary(
  'cjk',
  CJK_WORDS_VERSION,
  CJK_WORDS,
  (bytes, moreWords) =>
    cjkTable(
      bytes,
      moreWords.map((word) => ({
        characters: Array.from(word, (character) => character.charCodeAt(0)),
        saving: savingOf(cjkDictionary.table(), word),
      })),
    ),
);
