import type { CjkUnit, Tokenizer, WordDictionary, WordfreqError } from '@org/wordfreq-core';
import { dictionariesFor as allFor, readWords } from '@org/wordfreq-core/dictionaries';
import { fs } from '../builtin-modules.ts';
import { UsageError } from '../errors.ts';
import { onlyChunk, wordListEncoding } from './stop-words.ts';

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
  const dictionaries = allFor({ tokenizer, cjk }, words);
  if (words.length > 0) return dictionaries;
  const isSame = dictionaries.every(({ version }) => version.endsWith(`-icu${icu?.split('.')[0]}`));
  return isSame && (threads > 1 || sizeBytes < SMALL_BYTES) ? [] : dictionaries;
}

/** The options that choose dictionaries. */
type DictionaryOptions = Omit<Texts, 'words' | 'sizeBytes'> & {
  readonly wordsFile: string | undefined;
  /** `--encoding`. */
  readonly encoding: string;
};

/**
 * Returns the dictionaries for texts, with the words in a file, one a line (`--words-file`).
 *
 * @throws UsageError: the file cannot be read or is not text, or has words that no dictionary can have, or the
 * tokenizer needs no dictionary
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
  const words = wordsFile === undefined ? [] : await wordsIn(wordsFile, options.encoding);
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

async function wordsIn(path: string, encoding: string): Promise<readonly string[]> {
  try {
    const bytes = await fs.promises.readFile(path);
    return await readWords(onlyChunk(bytes), { name: path, encoding: wordListEncoding(encoding) });
  } catch (cause) {
    throw new UsageError(
      `--words-file ${path} cannot be read: ${(cause as Error).message}`,
      undefined,
      'Name a text with one word on each line; --encoding says which encoding it is in.',
    );
  }
}
