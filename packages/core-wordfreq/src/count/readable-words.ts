import { type CodePointSink, Utf8Decoder } from '../charset/utf8-decoder.ts';
import { type Fold, foldWords, mayFold } from '../fold/fold-word.ts';
import { type CaseLocale, foldCaseFor } from '../fold/locale-case.ts';
import type { ResolvedOptions } from '../options.ts';
import { type Respell, respellWords } from './respell-words.ts';
import { decodeWord } from './word-columns.ts';
import type { WordTable } from './word-table.ts';

/** How the words of a table are spelled in the result. */
export interface Spelling {
  /** Whether words may have bytes that are not UTF-8. */
  readonly hasInvalidBytes: boolean;
  readonly locale: CaseLocale | undefined;
  readonly fold: Fold;
  /** Whether to normalize words to NFC. */
  readonly isComposed: boolean;
}

/** Returns how words are spelled by options; `hasInvalidBytes` says whether the text has bytes that are not UTF-8. */
export function spellingOf(
  { tokenizer, locale, fold, normalize }: ResolvedOptions,
  hasInvalidBytes: boolean,
): Spelling {
  return {
    // With `unicode`, such bytes are not letters, and so never in a word.
    hasInvalidBytes: hasInvalidBytes && tokenizer !== 'unicode',
    locale,
    fold,
    isComposed: normalize === 'NFC',
  };
}

/** One change of spelling, and a quick test that most words fail. */
interface Step {
  mayChange(bytes: Uint8Array, from: number, end: number): boolean;
  change(word: string): string;
}

/** NFC does not change texts with only code points below U+0300 (UAX #15, section 9). */
const FIRST_COMPOSABLE_BYTE = 0xcc;
const FIRST_NON_ASCII_BYTE = 0x80;
/** The least byte of a letter with a case. */
const FIRST_CAPITAL = 0x41;

/**
 * Words are counted as bytes, as they stand in the text. In the result, bytes that are not UTF-8 become U+FFFD,
 * and words are folded and normalized, once each. If that makes two words equal, they become one. The given
 * table must not be used any more.
 */
export function readableWords(table: WordTable, spelling: Spelling): WordTable {
  const steps = stepsOf(spelling);
  return steps.length === 0 ? table : respellWords(table, respellBy(steps));
}

/** Returns a function that spells a word as {@link readableWords} does. */
export function spellerOf(options: ResolvedOptions): (word: string) => string {
  const respell = respellBy(stepsOf(spellingOf(options, false)));
  return (word) => {
    const bytes = encoder.encode(word);
    const respelled = respell(bytes, 0, bytes.length);
    return respelled === undefined ? word : decodeWord(respelled);
  };
}

function stepsOf({ hasInvalidBytes, locale, fold, isComposed }: Spelling): readonly Step[] {
  const steps: Step[] = [];
  // The decoder does it.
  if (hasInvalidBytes) steps.push({ mayChange: hasInvalidUtf8, change: (word) => word });
  if (locale !== undefined) {
    steps.push({ mayChange: reaches(FIRST_CAPITAL), change: (word) => foldCaseFor(locale, word) });
  }
  if (fold !== 'none') {
    const mayChange = fold === 'visible' ? mayFold : foldsLoosely;
    steps.push({ mayChange, change: (words) => foldWords(words, fold) });
  }
  if (isComposed) {
    steps.push({ mayChange: reaches(FIRST_COMPOSABLE_BYTE), change: (word) => word.normalize('NFC') });
  }
  return steps;
}

function respellBy(steps: readonly Step[]): Respell {
  return (bytes, from, end) => {
    if (!steps.some((step) => step.mayChange(bytes, from, end))) return undefined;
    const word = bytes.subarray(from, end);
    const text = steps.reduce((spelled, step) => step.change(spelled), decodeWord(word));
    const respelled = encoder.encode(text);
    return isSame(word, respelled) ? undefined : respelled;
  };
}

function reaches(lowest: number): Step['mayChange'] {
  return (bytes, from, end) => {
    for (let at = from; at < end; at += 1) if ((bytes[at] as number) >= lowest) return true;
    return false;
  };
}

const isBeyondAscii = reaches(FIRST_NON_ASCII_BYTE);

function foldsLoosely(bytes: Uint8Array, from: number, end: number): boolean {
  return mayFold(bytes, from, end) || isBeyondAscii(bytes, from, end);
}

function hasInvalidUtf8(bytes: Uint8Array, from: number, end: number): boolean {
  if (!isBeyondAscii(bytes, from, end)) return false;
  let isInvalid = false;
  const sink: CodePointSink = {
    codePoint: () => undefined,
    invalid: () => {
      isInvalid = true;
    },
  };
  const utf8 = new Utf8Decoder();
  utf8.push(bytes.subarray(from, end), 0, sink);
  utf8.finish(end - from, sink);
  return isInvalid;
}

function isSame(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, at) => byte === second[at]);
}

const encoder = new TextEncoder();
