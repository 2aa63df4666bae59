import type { Tokenizer } from '@org/wordfreq-core';
import { choice, flag, type Option, texts, wholeNumber } from '../command-line/option.ts';

/** As the core has them, which takes longer to load than a help text is worth; a test compares them. */
const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];

/** What counts as a word: the same for every command that counts. */
export const COUNTING_OPTIONS: {
  readonly tokenizer: Option<Tokenizer>;
  readonly keepCase: Option<boolean>;
  readonly ngrams: Option<number>;
  readonly stopWords: Option<readonly string[]>;
  readonly minLength: Option<number>;
  readonly threads: Option<number>;
} = {
  tokenizer: choice('name', 'what counts as a word', TOKENIZERS),
  keepCase: flag('leave upper case as it is'),
  ngrams: wholeNumber('number', 'count runs of so many words', { min: 1, max: 5, default: 1 }),
  stopWords: texts('list', 'leave out words: a list (en, de, fr, …), a file, or words with commas between', {
    completes: 'files',
  }),
  minLength: wholeNumber('number', 'leave out words of fewer characters', {
    min: 1,
    max: 65_536,
    default: 1,
  }),
  threads: wholeNumber('number', 'threads for each large file', { min: 1, max: 64, default: 1 }),
};
