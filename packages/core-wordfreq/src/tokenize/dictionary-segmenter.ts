import { createPieceSegmenter, piecesOf, type RunOptions } from '../dictionary/segment-run.ts';
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
export interface SegmenterOptions extends RunOptions {
  readonly normalize: Normalization;
  readonly fold: Fold;
}

/**
 * Returns a segmenter that uses dictionaries where they suffice, and the platform for the rest. Runs are folded
 * and composed before they are segmented, because dictionaries have neither invisible characters nor kana with a
 * combining mark.
 */
export function createSegmenter({ normalize, fold, ...options }: SegmenterOptions): DictionarySegmenter {
  const segment = segmenterOf(options);
  return (runs, take) => {
    const folded = fold === 'none' ? runs : withoutIgnorables(runs);
    segment(normalize === 'NFC' ? folded.normalize('NFC') : folded, take);
  };
}

function segmenterOf(options: RunOptions): DictionarySegmenter {
  const platform = platformSegmenter();
  if (options.dictionary.length === 0 && options.cjk === 'word') return platform;
  const segmentPiece = createPieceSegmenter(options);
  return (runs, take) => {
    // Pieces for the platform are gathered, because each call takes long.
    let others = '';
    const segmentOthers = (): void => {
      if (others !== '') platform(others, take);
      others = '';
    };
    for (const run of runs.split(/(?<=\n)/)) {
      const isEnded = run.endsWith('\n');
      for (const piece of piecesOf(isEnded ? run.slice(0, -1) : run)) {
        const words = piece === '' ? [] : segmentPiece(piece);
        if (words === undefined) {
          others += piece;
          continue;
        }
        segmentOthers();
        for (const word of words) take(word);
      }
      if (isEnded && others !== '') others += '\n';
      else if (isEnded) take('\n');
    }
    segmentOthers();
  };
}

/**
 * The fallback: each ideograph and each hiragana is a word, a run of katakana is one (WB13), and so is a run
 * of any other script.
 */
function characterSegments(run: string, take: (word: string) => void): void {
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
