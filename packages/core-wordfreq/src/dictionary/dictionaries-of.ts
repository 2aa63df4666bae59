import { invalidOption } from '../errors.ts';
import type { CjkUnit } from './segment-run.ts';
import { DICTIONARY_SCRIPTS, type WordDictionary } from './word-dictionary.ts';

/**
 * Returns the dictionaries of the option, one or several, in the order of their scripts, so that the order of the
 * option does not matter.
 *
 * @throws WordfreqError `invalid-option`
 */
export function dictionariesOf(
  option: WordDictionary | readonly WordDictionary[] = [],
): readonly WordDictionary[] {
  const dictionaries: WordDictionary[] = Array.isArray(option) ? [...option] : [option];
  for (const each of dictionaries) requireDictionary(each);
  return dictionaries.sort(
    (a, b) => DICTIONARY_SCRIPTS.indexOf(a.script) - DICTIONARY_SCRIPTS.indexOf(b.script),
  );
}

function requireDictionary(dictionary: WordDictionary): void {
  const isDictionary =
    DICTIONARY_SCRIPTS.includes(dictionary?.script) &&
    typeof dictionary.version === 'string' &&
    typeof dictionary.table === 'function';
  if (isDictionary) return;
  throw invalidOption('dictionary', 'dictionaries like cjkDictionary', JSON.stringify(dictionary));
}

interface Wanted {
  readonly dictionary: readonly WordDictionary[];
  readonly cjk: CjkUnit;
  readonly tokenizer: string;
}

/** @throws WordfreqError `invalid-option`: the other options have no use for the dictionaries, or for `cjk` */
export function requireDictionariesFor({ dictionary, cjk, tokenizer }: Wanted): void {
  if (tokenizer !== 'unicode') {
    const got = `with the tokenizer ${tokenizer}`;
    if (dictionary.length > 0) {
      throw invalidOption('dictionary', 'none unless the tokenizer is unicode', `one ${got}`);
    }
    if (cjk !== 'word') throw invalidOption('cjk', 'word unless the tokenizer is unicode', `"${cjk}" ${got}`);
  }
  const scripts = dictionary.map(({ script }) => script);
  const twice = scripts.find((script, index) => scripts.indexOf(script) !== index);
  if (twice !== undefined) throw invalidOption('dictionary', 'one of each script', `two of ${twice}`);
  if (cjk === 'character' && scripts.includes('cjk')) {
    throw invalidOption('dictionary', 'none of Chinese and Japanese if cjk is "character"', 'one');
  }
}
