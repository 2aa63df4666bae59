import { createRequire } from 'node:module';
import {
  type CjkUnit,
  type DictionaryScript,
  type Tokenizer,
  type WordDictionary,
  type WordfreqError,
  withWords,
} from '@org/wordfreq-core';
import { fs } from '../builtin-modules.ts';
import { UsageError } from '../errors.ts';

const require = createRequire(import.meta.url);
type SoutheastAsia = typeof import('@org/wordfreq-core/southeast-asia');

/** ICU's version whose words the core's dictionaries have. Known without loading them; a test compares. */
const ICU = '78';

/** A dictionary of the core, which is loaded when the first word of its script is met: most texts have none. */
function lazily(script: DictionaryScript, load: () => WordDictionary): WordDictionary {
  return { script, version: `${script}-icu${ICU}`, table: (moreWords) => load().table(moreWords) };
}

function southeastAsian(script: DictionaryScript, name: keyof SoutheastAsia): WordDictionary {
  return lazily(script, () => (require('@org/wordfreq-core/southeast-asia') as SoutheastAsia)[name]);
}

const DICTIONARIES: readonly WordDictionary[] = [
  lazily('cjk', () => {
    const { cjkDictionary } = require('@org/wordfreq-core/cjk') as typeof import('@org/wordfreq-core/cjk');
    return cjkDictionary;
  }),
  southeastAsian('thai', 'thaiDictionary'),
  southeastAsian('lao', 'laoDictionary'),
  southeastAsian('khmer', 'khmerDictionary'),
  southeastAsian('burmese', 'burmeseDictionary'),
];

/** Up to here a Chinese text is counted by the platform's dictionary before ours is loaded. */
const SMALL_BYTES = 512 * 1024;

/** Texts that are to be counted together. */
interface Texts {
  readonly tokenizer: Tokenizer;
  readonly cjk: CjkUnit;
  /** The user's own words. */
  readonly words: readonly string[];
  /** Of all texts; unknown for a pipe. */
  readonly sizeBytes?: number | undefined;
  readonly threads: number;
}

/**
 * Returns the dictionaries that tell words of languages without spaces apart: ours are many times as fast. Where
 * the platform's ICU has the same words, little text is left to the platform; so is a count in several threads,
 * each of which would get all of ours, whatever the text. Where ICU has others, and with words of the user's own,
 * ours are always used, so that all texts are segmented alike.
 */
export function dictionariesFor(
  { tokenizer, cjk, words, sizeBytes = Number.POSITIVE_INFINITY, threads }: Texts,
  icu: string | undefined = process.versions['icu'],
): readonly WordDictionary[] {
  if (tokenizer !== 'unicode') return [];
  const dictionaries = cjk === 'character' ? DICTIONARIES.slice(1) : DICTIONARIES;
  if (words.length > 0) return withWords(dictionaries, words);
  const isSame = icu?.split('.')[0] === ICU;
  return isSame && (threads > 1 || sizeBytes < SMALL_BYTES) ? [] : dictionaries;
}

/** The options that choose dictionaries. */
type DictionaryOptions = Omit<Texts, 'words' | 'sizeBytes'> & { readonly wordsFile: string | undefined };

/**
 * Returns the dictionaries for texts, with the words in a file, one a line (`--words-file`).
 *
 * @throws UsageError: the file cannot be read, or has words that no dictionary can have, or the tokenizer
 * needs no dictionary
 */
export async function chooseDictionaries(
  options: DictionaryOptions,
  sizeBytes: number | undefined,
): Promise<readonly WordDictionary[]> {
  const { wordsFile, tokenizer, cjk } = options;
  if (tokenizer !== 'unicode') {
    if (wordsFile !== undefined) throw needsUnicode('--words-file', tokenizer);
    if (cjk !== 'word') throw needsUnicode('--cjk', tokenizer);
  }
  const words = wordsFile === undefined ? [] : await readWords(wordsFile);
  try {
    return dictionariesFor({ ...options, words, sizeBytes });
  } catch (cause) {
    if ((cause as WordfreqError).field !== 'words') throw cause;
    throw new UsageError(
      `--words-file ${wordsFile}: ${(cause as Error).message}`,
      undefined,
      'Words of other scripts need no dictionary: leave them out.',
    );
  }
}

function needsUnicode(option: string, tokenizer: string): UsageError {
  const message = `${option} is for the tokenizer unicode, not for ${tokenizer}`;
  return new UsageError(message, undefined, 'Leave one of the two options out.');
}

async function readWords(path: string): Promise<readonly string[]> {
  const text = await fs.promises.readFile(path, 'utf8').catch((cause: unknown) => {
    throw new UsageError(
      `--words-file ${path} cannot be read: ${(cause as Error).message}`,
      undefined,
      'Name a text with one word on each line.',
    );
  });
  return text
    .replace(/^\ufeff/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
