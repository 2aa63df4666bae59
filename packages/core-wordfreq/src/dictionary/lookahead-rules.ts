import { CLASS_MASK, characterTableWith, DICTIONARY_FLAG } from '../tokenize/character-table.ts';
import { WordBreak } from '../tokenize/word-break-class.ts';
import { FIRST_CHARACTERS, type LookaheadScript } from './lookahead-table.ts';

// What ICU's rules say of the characters of a script (dictbe.cpp), as flags.
/** A mark belongs to the character before it. */
export const MARK = 1;
/** An unknown stretch may end before a character that begins words, and after one that ends words. */
export const BEGINS = 2;
export const ENDS = 4;
/** Characters that belong to the word before them: Thai paiyannoi, which elides, and mai yamok, which repeats. */
export const ELIDES = 8;
export const REPEATS = 16;

/** A range of characters, from the first to the last. */
type Range = readonly [first: number, last: number];

interface LookaheadRules {
  /** Shorter runs are one word. */
  readonly shortestRun: number;
  readonly begins: readonly Range[];
  /** Characters that end no word. */
  readonly endsNot: readonly Range[];
  readonly elides?: number;
  readonly repeats?: number;
}

const RULES: Readonly<Record<LookaheadScript, LookaheadRules>> = {
  thai: {
    shortestRun: 5,
    begins: [
      [0x0e01, 0x0e2e],
      [0x0e40, 0x0e44],
    ],
    endsNot: [
      [0x0e31, 0x0e31],
      [0x0e40, 0x0e44],
    ],
    elides: 0x0e2f,
    repeats: 0x0e46,
  },
  lao: {
    shortestRun: 4,
    begins: [
      [0x0e81, 0x0eae],
      [0x0ec0, 0x0ec4],
      [0x0edc, 0x0edd],
    ],
    endsNot: [[0x0ec0, 0x0ec4]],
  },
  khmer: { shortestRun: 4, begins: [[0x1780, 0x17b3]], endsNot: [[0x17d2, 0x17d2]] },
  burmese: { shortestRun: 4, begins: [[0x1000, 0x102a]], endsNot: [] },
};

/** Blocks of the scripts. Words have characters of the first one of a script only. */
const BLOCKS: readonly (readonly [first: number, last: number, script: LookaheadScript])[] = [
  [0x0e00, 0x0e7f, 'thai'],
  [0x0e80, 0x0eff, 'lao'],
  [0x1000, 0x109f, 'burmese'],
  [0x1780, 0x17ff, 'khmer'],
  [0xa9e0, 0xa9ff, 'burmese'],
  [0xaa60, 0xaa7f, 'burmese'],
];

/** Returns the script of a character that needs a dictionary, if it is one of these. */
export function lookaheadScriptOf(codePoint: number): LookaheadScript | undefined {
  if (codePoint < 0x0e00 || codePoint > 0xaa7f) return undefined;
  const block = BLOCKS.find(([first, last]) => codePoint >= first && codePoint <= last);
  return block !== undefined && needsDictionary(codePoint) ? block[2] : undefined;
}

function needsDictionary(codePoint: number): boolean {
  return ((characterTableWith(codePoint)[codePoint] as number) & DICTIONARY_FLAG) !== 0;
}

export function shortestRun(script: LookaheadScript): number {
  return RULES[script].shortestRun;
}

/** Returns the flags of a character of a script. */
export function flagsOf(script: LookaheadScript, codePoint: number): number {
  if (!needsDictionary(codePoint)) return 0;
  const { begins, endsNot, elides, repeats } = RULES[script];
  const isIn = ([first, last]: Range): boolean => codePoint >= first && codePoint <= last;
  const wordBreak = (characterTableWith(codePoint)[codePoint] as number) & CLASS_MASK;
  return (
    (wordBreak === WordBreak.Extend ? MARK : 0) |
    (begins.some(isIn) ? BEGINS : 0) |
    (endsNot.some(isIn) ? 0 : ENDS) |
    (codePoint === elides ? ELIDES : 0) |
    (codePoint === repeats ? REPEATS : 0)
  );
}

/** Returns the flags of the 256 characters that words may have. */
export function allFlags(script: LookaheadScript): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, number) => flagsOf(script, FIRST_CHARACTERS[script] + number));
}
