import { createRequire } from 'node:module';
import {
  type CaseLocale,
  type CjkUnit,
  type EncodingDetector,
  encodingNamed,
  type Fold,
  type Normalization,
  type Tokenizer,
  type WordCounterOptions,
} from '@org/wordfreq-core';
import type { CommonValues } from '../command-line/command.ts';
import {
  choice,
  flag,
  negatedFlag,
  type Option,
  short,
  text,
  texts,
  wholeNumber,
} from '../command-line/option.ts';
import { UsageError } from '../errors.ts';
import type { FolderOptions } from './found-texts.ts';

/** As the core has them, which takes longer to load than a help text is worth; a test compares them. */
const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];
const NORMALIZATIONS: readonly Normalization[] = ['none', 'NFC'];
const FOLDS: readonly Fold[] = ['visible', 'none', 'loose'];
const CASE_LOCALES: readonly ('none' | CaseLocale)[] = ['none', 'tr', 'az', 'lt'];
const CJK_UNITS: readonly CjkUnit[] = ['word', 'character'];

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
  readonly cjk: Option<CjkUnit>;
  readonly wordsFile: Option<string | undefined>;
  readonly dehyphenate: Option<boolean>;
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
      'read texts without a byte order mark in this encoding, such as gb18030; auto: an object’s charset, UTF-8, or a guess',
    value: 'name',
    default: AUTO,
    parse: (label) => label,
  },
  cjk: choice('unit', 'of Chinese and Japanese, count words, or each ideograph and kana', CJK_UNITS),
  wordsFile: text('file', 'words of your own, one a line, for the dictionaries of languages without spaces', {
    completes: 'files',
  }),
  dehyphenate: flag('join words that hyphens divide at line ends, if the text has them elsewhere'),
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
  /** What a word of Chinese and Japanese is. */
  readonly cjk: CjkUnit;
  /** A file with words for the dictionaries. */
  readonly wordsFile: string | undefined;
  /** Whether words that hyphens divide at line ends are joined. */
  readonly dehyphenate: boolean;
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
  cjk,
  dehyphenate,
}: Pick<
  CountingOptions,
  'tokenizer' | 'keepCase' | 'normalize' | 'fold' | 'locale' | 'cjk' | 'dehyphenate'
>): WordCounterOptions {
  return {
    tokenizer,
    normalize,
    ...(keepCase ? { keepCase } : {}),
    ...(dehyphenate ? { dehyphenate } : {}),
    // Other tokenizers have another default.
    ...(fold === 'visible' ? {} : { fold }),
    ...(locale === 'none' ? {} : { locale }),
    cjk,
  };
}

/** Guesses an encoding. What it needs is loaded for the first text that is not UTF-8: most are. */
export const detectEncoding: EncodingDetector = (beginning) => {
  const require = createRequire(import.meta.url);
  const detector = require('@org/wordfreq-core/encoding') as typeof import('@org/wordfreq-core/encoding');
  return detector.detectEncoding(beginning);
};

/**
 * Returns the encoding that the value of `--encoding` names; undefined for a guess.
 *
 * @throws UsageError
 */
export function namedEncoding(label: string): string | undefined {
  if (label === AUTO) return undefined;
  const name = encodingNamed(label);
  if (name !== undefined) return name;
  throw new UsageError(
    `--encoding ${label}: expected ${AUTO}, or an encoding such as windows-1252, gb18030, shift_jis or utf-16le`,
  );
}
