import { invalidOption } from '../errors.ts';
import { crc32 } from '../serialization/crc32.ts';
import { lookaheadScriptOf } from './lookahead-rules.ts';
import { FIRST_CHARACTERS, LONGEST_LOOKAHEAD_WORD } from './lookahead-table.ts';
import { isPlainCjk, LONGEST_WORD } from './segment-cjk.ts';
import type { DictionaryScript, DictionaryTable, WordDictionary } from './word-dictionary.ts';

/** Every dictionary's table has room for this many more words. */
const MOST_WORDS = 50_000;

/**
 * Returns a dictionary, or several, with more words: names, terms of a field. Each word joins the dictionary of its
 * script. Chinese and Japanese words are taken as common ones if the dictionary would cut them; words of South-East
 * Asia are as good as the others. The version says that there are more words, so that the fingerprint differs.
 *
 * @throws WordfreqError `invalid-option` with the field `words`: a word that no dictionary here can have, because it has
 * other characters or is longer than 20 characters (60 of South-East Asia), or more than 50,000 words
 * @example
 * import { countWords, withWords } from '@org/wordfreq-core';
 * import { cjkDictionary } from '@org/wordfreq-core/cjk';
 *
 * const dictionary = withWords(cjkDictionary, ['云原生']);
 * const counts = await countWords('云原生应用', { dictionary });
 * counts.get('云原生'); // 1
 */
export function withWords(dictionary: WordDictionary, words: Iterable<string>): WordDictionary;
/** As for one dictionary; each word joins the one of its script. */
export function withWords(
  dictionary: readonly WordDictionary[],
  words: Iterable<string>,
): readonly WordDictionary[];
export function withWords(
  dictionary: WordDictionary | readonly WordDictionary[],
  words: Iterable<string>,
): WordDictionary | readonly WordDictionary[] {
  const dictionaries: readonly WordDictionary[] = 'script' in dictionary ? [dictionary] : dictionary;
  const added = wordsByScript(
    words,
    dictionaries.map(({ script }) => script),
  );
  const joined = dictionaries.map((each) => join(each, added.get(each.script) ?? []));
  return 'script' in dictionary ? (joined[0] as WordDictionary) : joined;
}

function wordsByScript(
  words: Iterable<string>,
  scripts: readonly DictionaryScript[],
): ReadonlyMap<DictionaryScript, readonly string[]> {
  const distinct = [...new Set(words)].sort();
  if (distinct.length > MOST_WORDS) {
    throw invalidOption('words', `at most ${MOST_WORDS} words`, `${distinct.length}`);
  }
  const byScript = new Map<DictionaryScript, string[]>();
  for (const word of distinct) {
    const script = scriptOf(word);
    if (script === undefined || !scripts.includes(script)) {
      throw invalidOption(
        'words',
        `words that a dictionary of ${scripts.join(', ')} can have`,
        JSON.stringify(word),
      );
    }
    const others = byScript.get(script);
    if (others === undefined) byScript.set(script, [word]);
    else others.push(word);
  }
  return byScript;
}

/** Returns the script whose dictionary can have a word. */
function scriptOf(word: unknown): DictionaryScript | undefined {
  if (typeof word !== 'string' || word === '') return undefined;
  if (isPlainCjk(word)) return word.length <= LONGEST_WORD ? 'cjk' : undefined;
  const script = lookaheadScriptOf(word.charCodeAt(0));
  if (script === undefined || word.length > LONGEST_LOOKAHEAD_WORD) return undefined;
  const isOfScript = Array.from(word, (character) => {
    const codePoint = character.codePointAt(0) as number;
    return lookaheadScriptOf(codePoint) === script && codePoint - FIRST_CHARACTERS[script] < 256;
  });
  return isOfScript.every(Boolean) ? script : undefined;
}

function join(dictionary: WordDictionary, words: readonly string[]): WordDictionary {
  if (words.length === 0) return dictionary;
  const list = new TextEncoder().encode(words.join('\n'));
  let own: DictionaryTable | undefined;
  return {
    script: dictionary.script,
    version: `${dictionary.version}+${words.length}.${crc32(list).toString(16).padStart(8, '0')}`,
    table(moreWords = []) {
      if (moreWords.length > 0) return dictionary.table([...words, ...moreWords]);
      own ??= dictionary.table(words);
      return own;
    },
  };
}
