import { createRequire } from 'node:module';
import type {
  CaseLocale,
  Fold,
  Normalization,
  Tokenizer,
  WordCounterOptions,
  WordDictionary,
} from '@org/wordfreq-core';
import type { CommonValues } from '../command-line/command.ts';
import { choice, flag, negatedFlag, type Option, short, texts, wholeNumber } from '../command-line/option.ts';
import type { FolderOptions } from './found-texts.ts';

/** As the core has them, which takes longer to load than a help text is worth; a test compares them. */
const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];
const NORMALIZATIONS: readonly Normalization[] = ['none', 'NFC'];
const FOLDS: readonly Fold[] = ['visible', 'none', 'loose'];
const CASE_LOCALES: readonly ('none' | CaseLocale)[] = ['none', 'tr', 'az', 'lt'];

/** The value of `--encoding` that stands for UTF-8, or a guess. */
export const AUTO = 'auto';

/** What counts as a word: the same for every command that counts. */
export const COUNTING_OPTIONS: {
  readonly tokenizer: Option<Tokenizer>;
  readonly keepCase: Option<boolean>;
  readonly normalize: Option<Normalization>;
  readonly fold: Option<Fold>;
  readonly locale: Option<'none' | CaseLocale>;
  readonly encoding: Option<string>;
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
  fold: choice('rule', 'which words that look alike are one; loose ignores more', FOLDS),
  locale: choice('language', 'fold case as Turkish, Azerbaijani or Lithuanian does', CASE_LOCALES),
  encoding: {
    summary:
      'read texts without a byte order mark in this encoding, such as gb18030; auto: UTF-8, or a guess',
    value: 'name',
    default: AUTO,
    parse: (label) => label,
  },
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
  readonly fold: Fold;
  readonly locale: 'none' | CaseLocale;
  /** A name, or {@link AUTO}. */
  readonly encoding: string;
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

/** The options that say how words are spelled. */
export function spellingOptions({
  tokenizer,
  keepCase,
  normalize,
  fold,
  locale,
}: Pick<CountingOptions, 'tokenizer' | 'keepCase' | 'normalize' | 'fold' | 'locale'>): WordCounterOptions {
  return {
    tokenizer,
    normalize,
    ...(keepCase ? { keepCase } : {}),
    // Other tokenizers have another default.
    ...(fold === 'visible' ? {} : { fold }),
    ...(locale === 'none' ? {} : { locale }),
  };
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

/** The texts that are to be counted. */
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
