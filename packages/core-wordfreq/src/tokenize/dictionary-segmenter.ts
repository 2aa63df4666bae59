import { isPlainCjk, segmentCjk } from '../dictionary/segment-cjk.ts';
import type { WordDictionary } from '../dictionary/word-dictionary.ts';
import { CLASS_MASK, characterTable } from './character-table.ts';
import { WordBreak } from './word-break-class.ts';

/**
 * Tells the words of a run apart: of Chinese, Japanese, Thai, Lao, Khmer, Burmese text. Several runs may come together, each with a line
 * feed behind it; line feeds are passed on as they are. Words are given to a function, because there are too many for an iterator.
 */
export type DictionarySegmenter = (runs: string, take: (word: string) => void) => void;

/** `Intl.Segmenter` with the platform's dictionaries, or the stated fallback where there is none. */
export function platformSegmenter(): DictionarySegmenter {
  if (typeof Intl !== 'object' || typeof Intl.Segmenter !== 'function') return characterSegments;
  // Made at the first run, because making one takes longer than counting a small text.
  let segmenter: Intl.Segmenter | undefined;
  return (runs, take) => {
    segmenter ??= newSegmenter();
    for (const { segment, isWordLike } of segmenter.segment(runs)) {
      if (isWordLike || segment === '\n') take(segment);
    }
  };
}

function newSegmenter(): Intl.Segmenter {
  const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
  // ICU takes ー and what follows for one word until it has met two ideographs, and the same text shall not be counted otherwise the second time.
  for (const _ of segmenter.segment('\u4e2d\u56fd'));
  return segmenter;
}

/** What a dictionary knows by that, the rest by the platform. */
export function createSegmenter(dictionary: WordDictionary | undefined): DictionarySegmenter {
  const platform = platformSegmenter();
  if (dictionary === undefined) return platform;
  return (runs, take) => {
    // What is for the platform, gathered: each call of it takes long.
    let others = '';
    for (const run of runs.split(/(?<=\n)/)) {
      const isEnded = run.endsWith('\n');
      const characters = isEnded ? run.slice(0, -1) : run;
      if (!isPlainCjk(characters)) {
        others += run;
        continue;
      }
      if (others !== '') platform(others, take);
      others = '';
      for (const word of segmentCjk(dictionary.table(), characters)) take(word);
      if (isEnded) take('\n');
    }
    if (others !== '') platform(others, take);
  };
}

/**
 * The fallback: each ideograph and each hiragana is a word, katakana side by side are one (WB13), and a run of any other script is one.
 */
export function characterSegments(run: string, take: (word: string) => void): void {
  let word = '';
  for (const character of run) {
    if (word !== '' && !joins(word, character)) {
      take(word);
      word = '';
    }
    word += character;
  }
  if (word !== '') take(word);
}

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}]/u;

function joins(word: string, character: string): boolean {
  const wordBreak = (characterTable()[character.codePointAt(0) ?? 0] as number) & CLASS_MASK;
  if (character === '\n' || word === '\n') return false;
  if (wordBreak === WordBreak.Extend || wordBreak === WordBreak.Format || wordBreak === WordBreak.ZWJ)
    return true;
  return !IDEOGRAPH.test(character) && !IDEOGRAPH.test(word);
}
