import { caseFolding } from '../tokenize/case-folding.ts';

/** A language whose letters change case in their own way (SpecialCasing.txt). */
export type CaseLocale = 'tr' | 'az' | 'lt';

/** Every such language. */
export const CASE_LOCALES: readonly CaseLocale[] = ['tr', 'az', 'lt'];

/** Folds case as a language does: Turkish and Azerbaijani have ı and i, Lithuanian keeps the dot of an i with an accent. */
export function foldCaseFor(locale: CaseLocale, word: string): string {
  const prepared = locale === 'lt' ? withDots(word) : withTwoIs(word);
  return Array.from(prepared, (character) => {
    const folded = caseFolding(character.codePointAt(0) as number);
    return folded === undefined ? character : String.fromCodePoint(...folded);
  }).join('');
}

/** A dot above belongs to the letter, whether it is part of it or follows it. */
function withTwoIs(word: string): string {
  return word.replace(/\u0130|I\u0307/g, 'i').replace(/I/g, '\u0131');
}

/** An I with an accent above (More_Above), and the capitals that have one. */
const UNDOTTED =
  /[IJ\u012e](?=[\u0316-\u0333\u0339-\u033c\u0347-\u0349]*[\u0300-\u0314\u033d-\u0344\u0346\u034a-\u034c])/g;
const ACCENTED: ReadonlyMap<string, string> = new Map([
  ['\u00cc', 'i\u0307\u0300'],
  ['\u00cd', 'i\u0307\u0301'],
  ['\u0128', 'i\u0307\u0303'],
]);

function withDots(word: string): string {
  return word
    .replace(/[\u00cc\u00cd\u0128]/g, (letter) => ACCENTED.get(letter) ?? letter)
    .replace(UNDOTTED, (letter) => `${letter === '\u012e' ? '\u012f' : letter.toLowerCase()}\u0307`);
}
