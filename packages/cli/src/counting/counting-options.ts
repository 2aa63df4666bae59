import { createRequire } from 'node:module';
import {
  countWords,
  filterCounts,
  type Normalization,
  type Tokenizer,
  type WordCounterOptions,
  type WordCounts,
  type WordDictionary,
} from '@org/wordfreq-core';
import { fs } from '../builtin-modules.ts';
import type { CommonValues } from '../command-line/command.ts';
import { choice, flag, negatedFlag, type Option, short, texts, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { FolderOptions } from './found-texts.ts';

/** As the core has them, which takes longer to load than a help text is worth; a test compares them. */
const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];
const NORMALIZATIONS: readonly Normalization[] = ['none', 'NFC'];

/** What counts as a word: the same for every command that counts. */
export const COUNTING_OPTIONS: {
  readonly tokenizer: Option<Tokenizer>;
  readonly keepCase: Option<boolean>;
  readonly normalize: Option<Normalization>;
  readonly ngrams: Option<number>;
  readonly stopWords: Option<readonly string[]>;
  readonly minLength: Option<number>;
  readonly threads: Option<number>;
  readonly hidden: Option<boolean>;
  readonly ignore: Option<boolean>;
  readonly glob: Option<readonly string[]>;
  readonly follow: Option<boolean>;
  readonly text: Option<boolean>;
} = {
  tokenizer: choice('name', 'what counts as a word', TOKENIZERS),
  keepCase: flag('leave upper case as it is'),
  normalize: choice('form', 'NFC counts é and e with a combining accent together', NORMALIZATIONS),
  ngrams: wholeNumber('number', 'count runs of this many words', { min: 1, max: 5, default: 1 }),
  stopWords: texts('list', 'leave out words: a list (en, de, fr, …), a file, or words with commas between', {
    completes: 'files',
  }),
  minLength: wholeNumber('number', 'leave out words of fewer characters', {
    min: 1,
    max: 65_536,
    default: 1,
  }),
  threads: wholeNumber('number', 'threads for each large file', { min: 1, max: 64, default: 1 }),
  hidden: flag('in folders: count hidden files and folders, too'),
  ignore: negatedFlag('in folders: count what .gitignore and .ignore name, too'),
  glob: short(
    'g',
    texts('glob', 'in folders: only what matches, such as *.txt; or with ! in front, not what matches'),
  ),
  follow: short('L', flag('in folders: follow links')),
  text: short('a', flag('count what is not text, too')),
};

/** The options of a count. */
export interface CountingOptions
  extends Pick<CommonValues, 'region' | 'endpointUrl' | 'profile'>,
    FolderOptions {
  readonly tokenizer: Tokenizer;
  readonly keepCase: boolean;
  readonly normalize: Normalization;
  /** Runs of this many words instead of single ones. */
  readonly ngrams: number;
  /** Names of lists, files, or words with commas between them. */
  readonly stopWords: readonly string[];
  /** In characters. */
  readonly minLength: number;
  /** For each file. */
  readonly threads: number;
  /** Whether what is not text is counted. */
  readonly text: boolean;
}

/**
 * The core's dictionary of Chinese and Japanese, two megabytes, is loaded when the first such word is met:
 * most texts have none.
 */
const dictionary: WordDictionary = {
  // Known without loading it; a test compares.
  version: 'cjk-icu78',
  table() {
    const require = createRequire(import.meta.url);
    const { cjkDictionary } = require('@org/wordfreq-core/cjk') as typeof import('@org/wordfreq-core/cjk');
    return cjkDictionary.table();
  },
};

/** Up to here a Chinese text is counted by the platform's dictionary before ours is loaded. */
const SMALL_BYTES = 512 * 1024;

/** A text that is to be counted. */
interface Text {
  readonly tokenizer: Tokenizer;
  /** Unknown for a pipe. */
  readonly sizeBytes?: number | undefined;
  readonly threads: number;
}

/**
 * Which dictionary tells Chinese and Japanese words apart: ours is about five times as fast. Where the
 * platform's ICU has the same words, little text is left to the platform; so is a count in several threads,
 * each of which would get ours, whatever the text. Where ICU has others, ours is always used, so that all
 * texts are segmented alike.
 */
export function dictionaryFor(
  { tokenizer, sizeBytes = Number.POSITIVE_INFINITY, threads }: Text,
  icu: string | undefined = process.versions['icu'],
): WordDictionary | undefined {
  if (tokenizer !== 'unicode') return undefined;
  const isSame = dictionary.version === `cjk-icu${icu?.split('.')[0]}`;
  return isSame && (threads > 1 || sizeBytes < SMALL_BYTES) ? undefined : dictionary;
}

/**
 * Lists that come with the program, by ISO 639-1 codes, and their names in the library `stopword` (ISO
 * 639-3).
 */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['ar', 'ara'],
  ['cs', 'ces'],
  ['da', 'dan'],
  ['de', 'deu'],
  ['el', 'ell'],
  ['en', 'eng'],
  ['es', 'spa'],
  ['fa', 'fas'],
  ['fi', 'fin'],
  ['fr', 'fra'],
  ['he', 'heb'],
  ['hi', 'hin'],
  ['hu', 'hun'],
  ['id', 'ind'],
  ['it', 'ita'],
  ['ja', 'jpn'],
  ['ko', 'kor'],
  ['nl', 'nld'],
  ['no', 'nob'],
  ['pl', 'pol'],
  ['pt', 'por'],
  ['ro', 'ron'],
  ['ru', 'rus'],
  ['sv', 'swe'],
  ['tr', 'tur'],
  ['uk', 'ukr'],
  ['vi', 'vie'],
  ['zh', 'zho'],
]);

/** The names of the lists that come with the program. */
export const STOP_WORD_LISTS: readonly string[] = [...LISTS.keys()];

/**
 * The words that options name: of a list that comes with the program (`en`), of a file, or written out with
 * commas between them. They go through the tokenizer of the count, so that they are spelled as its words are.
 *
 * @throws CliError, exit code 2: there is neither list nor file of that name
 */
export async function readStopWords(
  names: readonly string[],
  {
    tokenizer = 'unicode',
    keepCase = false,
    normalize = 'none',
  }: Pick<WordCounterOptions, 'tokenizer' | 'keepCase' | 'normalize'>,
): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  for (const name of names) {
    const text = name.includes(',') ? name.replaceAll(',', '\n') : await namedList(name);
    const dictionary = dictionaryFor({ tokenizer, sizeBytes: text.length, threads: 1 });
    const counts = await countWords(text, { tokenizer, keepCase, normalize, dictionary });
    for (const [word] of counts) words.add(word);
  }
  return words;
}

async function namedList(name: string): Promise<string> {
  const exported = LISTS.get(name);
  if (exported !== undefined) {
    const lists: Readonly<Record<string, unknown>> = await import('stopword');
    return (lists[exported] as readonly string[]).join('\n');
  }
  return fs.promises.readFile(name, 'utf8').catch((cause: unknown) => {
    throw new CliError(`no list of stop words and no readable file is called ${name}`, {
      exitCode: EXIT_CODES.usage,
      code: 'no-stop-words',
      hint: `Lists are ${STOP_WORD_LISTS.join(', ')}. Put a comma after a single word: --stop-words ${name},`,
      cause,
    });
  });
}

/** Leaves out stop words and short words, and runs with one of those in them. */
export async function filterFor(options: CountingOptions): Promise<(counts: WordCounts) => WordCounts> {
  const { stopWords: names, minLength, ngrams } = options;
  if (names.length === 0 && minLength <= 1) return (counts) => counts;
  const stopWords = await readStopWords(names, options);
  if (ngrams === 1) return (counts) => filterCounts(counts, { stopWords, minLength });
  const isKept = (word: string): boolean => !stopWords.has(word) && [...word].length >= minLength;
  const normalize = (run: string): string | undefined => (run.split(' ').every(isKept) ? run : undefined);
  return (counts) => filterCounts(counts, { normalize });
}
