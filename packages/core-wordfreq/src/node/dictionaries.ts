import type { EncodingDetector } from '../charset/text-encoding.ts';
import { countWords } from '../count-words.ts';
import { withWords } from '../dictionary/with-words.ts';
import type { DictionaryScript, WordDictionary } from '../dictionary/word-dictionary.ts';
import { invalidOption } from '../errors.ts';
import type { WordCounterOptions } from '../options.ts';
import type { WarningCode } from '../warnings.ts';
import { decompress, type StoredText } from './decompress.ts';

export { WordfreqError, type WordfreqErrorCode } from '../errors.ts';

/** The version of ICU that the dictionaries' words come from, known without loading them; a test compares the two. */
const ICU = '78';

const CJK = '@org/wordfreq-core/cjk';
const SOUTHEAST_ASIA = '@org/wordfreq-core/southeast-asia';
const EXPORTS: readonly (readonly [script: DictionaryScript, module: string, name: string])[] = [
  ['cjk', CJK, 'cjkDictionary'],
  ['thai', SOUTHEAST_ASIA, 'thaiDictionary'],
  ['lao', SOUTHEAST_ASIA, 'laoDictionary'],
  ['khmer', SOUTHEAST_ASIA, 'khmerDictionary'],
  ['burmese', SOUTHEAST_ASIA, 'burmeseDictionary'],
];

/**
 * Loads a module when it is needed. Bundlers leave it alone, as they do not know the function's name. A bundle in
 * CommonJS does not know where it is: there the working folder decides.
 */
function load(module: string): Readonly<Record<string, WordDictionary>> {
  const here: string | undefined = import.meta.url;
  const { createRequire } = process.getBuiltinModule('node:module');
  return createRequire(here ?? `${process.cwd()}/`)(module);
}

const DICTIONARIES: readonly WordDictionary[] = EXPORTS.map(([script, module, name]) => ({
  script,
  version: `${script}-icu${ICU}`,
  table: (moreWords) => (load(module)[name] as WordDictionary).table(moreWords),
}));

/**
 * Returns every dictionary that the options have a use for: of Chinese and Japanese, Thai, Lao, Khmer and Burmese.
 * Each is loaded when the first word of its script is counted, so other texts take neither the time nor the memory.
 * That of Chinese and Japanese takes 17 MB, and makes a process about 70 MB larger; the others take 1 MB each.
 * `words` of your own join them, as by {@link withWords}.
 *
 * The dictionaries are loaded from this package, which must be installed where the program runs, also if the program
 * is bundled.
 *
 * @throws WordfreqError `invalid-option` with the field `words`: a word that none of these dictionaries can have
 * @example
 * import { countWords } from '@org/wordfreq-core';
 * import { dictionariesFor } from '@org/wordfreq-core/dictionaries';
 *
 * const options = { normalize: 'NFC' } as const;
 * await countWords('我爱北京', { ...options, dictionary: dictionariesFor(options) });
 */
export function dictionariesFor(
  { tokenizer = 'unicode', cjk = 'word' }: Pick<WordCounterOptions, 'tokenizer' | 'cjk'> = {},
  words: Iterable<string> = [],
): readonly WordDictionary[] {
  const own = [...words];
  const useful =
    tokenizer === 'unicode' ? DICTIONARIES.filter(({ script }) => script !== 'cjk' || cjk === 'word') : [];
  if (own.length === 0) return useful;
  if (useful.length > 0) return withWords(useful, own);
  throw invalidOption('words', `none with the tokenizer ${tokenizer}`, `${own.length}`);
}

/** Warnings that mean that words of a list would be missing. */
const UNREADABLE: ReadonlySet<WarningCode> = new Set(['invalid-utf8', 'undecodable', 'nul']);

/** What is known about a list of words. */
export interface WordListOptions extends StoredText {
  /** As for {@link countWords}. Default: UTF-8. */
  readonly encoding?: string | EncodingDetector | undefined;
}

/**
 * Reads a list of words for {@link dictionariesFor}: one on each line, or with other white space between. It may be
 * compressed, and in any encoding. Words are composed (NFC), as dictionaries have them.
 *
 * @throws WordfreqError `invalid-option` with the field `words`: it is not text in this encoding;
 * `corrupt-compression`, `unsupported-encoding`; what `source` throws
 * @example
 * await readWords(createReadStream('names.txt.gz'), { name: 'names.txt.gz', encoding: detectEncoding });
 */
export async function readWords(
  source: AsyncIterable<Uint8Array>,
  options: WordListOptions = {},
): Promise<readonly string[]> {
  const { encoding } = options;
  const counts = await countWords(decompress(source, options), {
    tokenizer: 'whitespace',
    keepCase: true,
    encoding,
  });
  if (counts.warnings.some(({ code }) => UNREADABLE.has(code))) {
    const { name = 'utf-8', likely } = counts.encoding ?? {};
    const advice = likely === undefined ? '' : `, which may be ${likely}`;
    throw invalidOption('words', `a list in ${name}`, `other bytes${advice}`);
  }
  return [...counts].map(([word]) => word.normalize('NFC'));
}
