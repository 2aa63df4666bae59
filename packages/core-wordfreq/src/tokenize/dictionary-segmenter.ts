import { isPlainCjk, segmentCjk } from '../dictionary/segment-cjk.ts';
import type { WordDictionary } from '../dictionary/word-dictionary.ts';
import { type Fold, withoutIgnorables } from '../fold/fold-word.ts';
import type { Normalization } from '../options.ts';
import { CLASS_MASK, characterTable } from './character-table.ts';
import { WordBreak } from './word-break-class.ts';

/**
 * Segments runs of Chinese, Japanese, Thai, Lao, Khmer or Burmese text. Several runs may come together, each
 * with a line feed after it; line feeds are passed on as they are. Words are passed to a function, because an
 * iterator would be too slow.
 */
export type DictionarySegmenter = (runs: string, take: (word: string) => void) => void;

/**
 * Returns `Intl.Segmenter` with the platform's dictionaries, or the fallback {@link characterSegments} if
 * there is none.
 */
export function platformSegmenter(): DictionarySegmenter {
  if (typeof Intl !== 'object' || typeof Intl.Segmenter !== 'function') return characterSegments;
  // Created at the first run, because that takes longer than counting a small text.
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
  // Until ICU has segmented two ideographs, it treats ー and what follows as one word. Without this, the same
  // text would give other counts later.
  for (const _ of segmenter.segment('\u4e2d\u56fd'));
  return segmenter;
}

/** How runs are segmented. */
export interface SegmenterOptions {
  readonly dictionary: WordDictionary | undefined;
  readonly normalize: Normalization;
  readonly fold: Fold;
}

/**
 * Returns a segmenter that uses the dictionary where it suffices, and the platform for the rest. Runs are folded
 * and composed before they are segmented, because dictionaries have neither invisible characters nor kana with a
 * combining mark.
 */
export function createSegmenter({ dictionary, normalize, fold }: SegmenterOptions): DictionarySegmenter {
  const segment = segmenterOf(dictionary);
  return (runs, take) => {
    const folded = fold === 'none' ? runs : withoutIgnorables(runs);
    segment(normalize === 'NFC' ? folded.normalize('NFC') : folded, take);
  };
}

function segmenterOf(dictionary: WordDictionary | undefined): DictionarySegmenter {
  const platform = platformSegmenter();
  if (dictionary === undefined) return platform;
  return (runs, take) => {
    // Runs for the platform are gathered, because each call takes long.
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
 * The fallback: each ideograph and each hiragana is a word, a run of katakana is one (WB13), and so is a run
 * of any other script.
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
