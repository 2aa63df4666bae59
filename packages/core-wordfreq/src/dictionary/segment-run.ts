import { CLASS_MASK, characterTableWith, DICTIONARY_FLAG } from '../tokenize/character-table.ts';
import { WordBreak } from '../tokenize/word-break-class.ts';
import { lookaheadScriptOf } from './lookahead-rules.ts';
import type { LookaheadScript } from './lookahead-table.ts';
import { isPlainCjk, segmentCjk } from './segment-cjk.ts';
import { lookaheadCuts } from './segment-lookahead.ts';
import type { DictionaryScript, WordDictionary } from './word-dictionary.ts';

/** What counts as a word of Chinese and Japanese: a word, or each ideograph and each kana. */
export type CjkUnit = 'word' | 'character';

/** How a run is segmented. */
export interface RunOptions {
  readonly dictionary: readonly WordDictionary[];
  readonly cjk: CjkUnit;
}

/** Returns the words of a piece of a run; undefined if only the platform can segment it. */
type PieceSegmenter = (piece: string) => readonly string[] | undefined;

/** Returns a segmenter of pieces (`piecesOf`) by dictionaries. */
export function createPieceSegmenter({ dictionary, cjk }: RunOptions): PieceSegmenter {
  const dictionaries = new Map<DictionaryScript, WordDictionary>(
    dictionary.map((each) => [each.script, each]),
  );
  const ofCjk = dictionaries.get('cjk');
  return (piece) => {
    if (isSoutheastAsian(piece.codePointAt(0) as number)) return lookaheadWords(piece, dictionaries);
    if (cjk === 'character') return charactersOf(piece);
    return ofCjk !== undefined && isPlainCjk(piece) ? segmentCjk(ofCjk.table(), piece) : undefined;
  };
}

/** Whether a character belongs to the one before it (WB4). */
function isIgnorable(codePoint: number): boolean {
  const wordBreak = (characterTableWith(codePoint)[codePoint] as number) & CLASS_MASK;
  return wordBreak === WordBreak.Extend || wordBreak === WordBreak.Format || wordBreak === WordBreak.ZWJ;
}

function needsDictionary(codePoint: number): boolean {
  return ((characterTableWith(codePoint)[codePoint] as number) & DICTIONARY_FLAG) !== 0;
}

/**
 * Whether a character that needs a dictionary is of South-East Asia (Line_Break=Complex_Context), not Chinese or
 * Japanese: these have other blocks.
 */
function isSoutheastAsian(codePoint: number): boolean {
  if (codePoint < 0x2e80) return true;
  return (codePoint >= 0xa9e0 && codePoint < 0xaae0) || (codePoint >= 0x11700 && codePoint < 0x11750);
}

/**
 * Splits a run where no dictionary is needed to tell that there is a boundary (WB999): between Chinese or Japanese
 * and scripts of South-East Asia, after marks at its start, and after a pictograph that a ZWJ joins to Thai.
 */
export function piecesOf(run: string): readonly string[] {
  if (run === '' || isPlainCjk(run)) return [run];
  const pieces: string[] = [];
  let begin = 0;
  let at = 0;
  let isSoutheast = isSoutheastAsian(run.codePointAt(0) as number);
  let onlyMarks = true;
  let isAfterOther = false;
  for (const character of run) {
    const codePoint = character.codePointAt(0) as number;
    const isBase = !isIgnorable(codePoint);
    const isOther = isBase && !needsDictionary(codePoint);
    if (isBase && !isOther) {
      const isNowSoutheast = isSoutheastAsian(codePoint);
      if (at > begin && (isNowSoutheast !== isSoutheast || (isSoutheast && (onlyMarks || isAfterOther)))) {
        pieces.push(run.slice(begin, at));
        begin = at;
      }
      isSoutheast = isNowSoutheast;
      onlyMarks = false;
    }
    isAfterOther = isOther;
    at += character.length;
  }
  pieces.push(run.slice(begin));
  return pieces;
}

/** Each ideograph and each kana with what belongs to it. */
function charactersOf(piece: string): readonly string[] {
  const characters: string[] = [];
  for (const character of piece) {
    const codePoint = character.codePointAt(0) as number;
    if (characters.length === 0 || (needsDictionary(codePoint) && !isIgnorable(codePoint))) {
      characters.push(character);
    } else characters[characters.length - 1] += character;
  }
  return characters;
}

/** As ICU does: it cuts each stretch of one script, and nowhere else. Marks alone are no word. */
function lookaheadWords(
  piece: string,
  dictionaries: ReadonlyMap<DictionaryScript, WordDictionary>,
): readonly string[] | undefined {
  if (isIgnorable(piece.charCodeAt(0))) return [];
  const cuts: number[] = [];
  for (const { script, begin, end } of stretchesOf(piece)) {
    const dictionary = dictionaries.get(script);
    if (dictionary === undefined) return undefined;
    for (const cut of lookaheadCuts(script, dictionary.table(), piece.slice(begin, end)))
      cuts.push(begin + cut);
  }
  const ends = [...cuts, piece.length];
  return ends.map((end, index) => piece.slice(ends[index - 1] ?? 0, end));
}

interface Stretch {
  readonly script: LookaheadScript;
  readonly begin: number;
  end: number;
}

/** Neighbouring characters of one script. All of them are in the Basic Multilingual Plane. */
function stretchesOf(piece: string): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let at = 0; at < piece.length; at += 1) {
    const script = lookaheadScriptOf(piece.charCodeAt(at));
    if (script === undefined) continue;
    const last = stretches.at(-1);
    if (last?.script === script && last.end === at) last.end = at + 1;
    else stretches.push({ script, begin: at, end: at + 1 });
  }
  return stretches;
}
