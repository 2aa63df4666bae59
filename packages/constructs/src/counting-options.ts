import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { anything, checkProps, flag, object, oneOf, type PropChecks, required } from './check-props.ts';
import { useKeys } from './customer-key.ts';

/** An object with a list of words. */
export interface WordList {
  /** The bucket of the object. */
  readonly bucket: IBucket;
  /** The key of the object. */
  readonly key: string;
}

/** What workers count as words. Counting by other rules makes new results; earlier ones keep their records. */
export interface CountingOptions {
  /** The rule that says what a word is. @default 'unicode' */
  readonly tokenizer?: 'unicode' | 'whitespace' | 'aws-go-wordfreq-sample';
  /** `NFC` counts é and e with a combining accent together. @default 'none' */
  readonly normalize?: 'none' | 'NFC';
  /** Which words that look alike are one; only with `unicode`. @default 'visible' */
  readonly fold?: 'none' | 'visible' | 'loose';
  /** Folds case as Turkish, Azerbaijani or Lithuanian does; only with `unicode`. @default - as for all languages */
  readonly caseLocale?: 'tr' | 'az' | 'lt';
  /** The encoding of objects whose content type names no charset, such as `windows-1252`. @default - it is detected */
  readonly encoding?: string;
  /**
   * What a word of Chinese and Japanese is: a word by the dictionary, or each ideograph and each kana; only with
   * `unicode`.
   * @default 'word'
   */
  readonly cjk?: 'word' | 'character';
  /** Whether words that hyphens divide at line ends are joined; only with `unicode`. @default false */
  readonly dehyphenate?: boolean;
  /**
   * Words of your own for the dictionaries of Chinese, Japanese, Thai, Lao, Khmer and Burmese: a text with one on each
   * line, in any encoding, also compressed. Workers read it when they start; only with `unicode`.
   * @default - none
   */
  readonly wordList?: WordList;
}

const CHECKS: PropChecks<CountingOptions> = {
  tokenizer: oneOf('unicode', 'whitespace', 'aws-go-wordfreq-sample'),
  normalize: oneOf('none', 'NFC'),
  fold: oneOf('none', 'visible', 'loose'),
  caseLocale: oneOf('tr', 'az', 'lt'),
  encoding: anything,
  cjk: oneOf('word', 'character'),
  dehyphenate: flag,
  wordList: object,
};

const WORD_LIST_CHECKS: PropChecks<WordList> = {
  bucket: required('the bucket of the list'),
  key: required('the key of the list'),
};

/** @throws Error for invalid options and for those that the tokenizer cannot use */
export function validateCounting(counting: CountingOptions = {}): void {
  checkProps('counting', counting, CHECKS);
  const { tokenizer = 'unicode', fold = 'none', cjk = 'word', caseLocale, wordList, dehyphenate } = counting;
  if (wordList !== undefined) checkProps('counting.wordList', wordList, WORD_LIST_CHECKS);
  const isPlain =
    fold === 'none' && cjk === 'word' && dehyphenate !== true && (caseLocale ?? wordList) === undefined;
  if (tokenizer === 'unicode' || isPlain) return;
  throw new Error(
    `Expected tokenizer: 'unicode' with fold, caseLocale, cjk, dehyphenate or wordList, got '${tokenizer}', which has rules of its own.`,
  );
}

/** The worker's variables for these options; its README describes them. */
export function countingEnvironment({ wordList, ...counting }: CountingOptions = {}): Record<string, string> {
  const { tokenizer, normalize, fold, caseLocale, encoding, cjk, dehyphenate } = counting;
  const variables = {
    TOKENIZER: tokenizer,
    NORMALIZE: normalize,
    FOLD: fold,
    CASE_LOCALE: caseLocale,
    ENCODING: encoding,
    CJK: cjk,
    DEHYPHENATE: dehyphenate === undefined ? undefined : String(dehyphenate),
    WORDS_FILE: wordList === undefined ? undefined : `s3://${wordList.bucket.bucketName}/${wordList.key}`,
  };
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** The permissions that the worker needs in addition for these options. */
export function countingStatements({ wordList }: CountingOptions = {}): PolicyStatement[] {
  if (wordList === undefined) return [];
  return [
    new PolicyStatement({
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: [wordList.bucket.arnForObjects(wordList.key)],
    }),
    ...useKeys([wordList.bucket]),
  ];
}
