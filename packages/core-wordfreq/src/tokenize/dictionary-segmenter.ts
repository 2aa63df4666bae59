import { isPlainCjk, segmentCjk } from '../dictionary/segment-cjk.ts';
import type { WordDictionary } from '../dictionary/word-dictionary.ts';
import { CLASS_MASK, characterTable } from './character-table.ts';
import { WordBreak } from './word-break-class.ts';

/**
 * Tells the words of a run apart: of Chinese, Japanese, Thai, Lao, Khmer, Burmese text. Several runs may come together, each with a line
 * feed behind it; line feeds are passed on as they are.
 */
export type DictionarySegmenter = (runs: string) => Iterable<string>;

/** `Intl.Segmenter` with the platform's dictionaries, or the stated fallback where there is none. */
export function platformSegmenter(): DictionarySegmenter {
  if (typeof Intl !== 'object' || typeof Intl.Segmenter !== 'function') return characterSegments;
  // Made at the first run, because making one takes longer than counting a small text.
  let segmenter: Intl.Segmenter | undefined;
  return function* words(runs) {
    segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
    for (const { segment, isWordLike } of segmenter.segment(runs)) {
      if (isWordLike || segment === '\n') yield segment;
    }
  };
}

/** What a dictionary knows by that, the rest by the platform. */
export function createSegmenter(dictionary: WordDictionary | undefined): DictionarySegmenter {
  const platform = platformSegmenter();
  if (dictionary === undefined) return platform;
  return function* words(runs) {
    // What is for the platform, gathered: each call of it takes long.
    let others = '';
    for (const [run] of runs.matchAll(/[^\n]+|\n/g)) {
      if (run !== '\n' && isPlainCjk(run)) {
        yield* platform(others);
        others = '';
        yield* segmentCjk(dictionary.table(), run);
      } else others += run;
    }
    yield* platform(others);
  };
}

/**
 * The fallback: each ideograph and each hiragana is a word, katakana side by side are one (WB13), and a run of any other script is one.
 */
export function* characterSegments(run: string): Iterable<string> {
  let word = '';
  for (const character of run) {
    if (word !== '' && !joins(word, character)) {
      yield word;
      word = '';
    }
    word += character;
  }
  if (word !== '') yield word;
}

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}]/u;

function joins(word: string, character: string): boolean {
  const wordBreak = (characterTable()[character.codePointAt(0) ?? 0] as number) & CLASS_MASK;
  if (character === '\n' || word === '\n') return false;
  if (wordBreak === WordBreak.Extend || wordBreak === WordBreak.Format || wordBreak === WordBreak.ZWJ)
    return true;
  return !IDEOGRAPH.test(character) && !IDEOGRAPH.test(word);
}
