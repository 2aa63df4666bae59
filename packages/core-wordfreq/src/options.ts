import { type EncodingDetector, type EncodingOption, requireEncoding } from './charset/text-encoding.ts';
import { dictionariesOf, requireDictionariesFor } from './dictionary/dictionaries-of.ts';
import type { CjkUnit } from './dictionary/segment-run.ts';
import type { WordDictionary } from './dictionary/word-dictionary.ts';
import { invalidOption } from './errors.ts';
import { FOLD_VERSION, FOLDS, type Fold } from './fold/fold-word.ts';
import { CASE_LOCALES, type CaseLocale } from './fold/locale-case.ts';
import { LINE_END_VERSION } from './line-ends/line-end-version.ts';
import { UNICODE_VERSION } from './tokenize/generated/unicode-tables.ts';

/**
 * The rule that says what a word is.
 *
 * - `unicode`: words of any script by Unicode's word boundaries (UAX #29), case folded; a segment without a
 *   letter or a digit is not a word.
 * - `whitespace`: everything between ASCII white space, with ASCII letters in lower case (the rule of the
 *   countwords benchmark).
 * - `aws-go-wordfreq-sample`: exactly the words of aws-samples/aws-go-wordfreq-sample.
 */
export type Tokenizer = 'unicode' | 'whitespace' | 'aws-go-wordfreq-sample';

/** Every tokenizer, the default first. */
export const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];

/** What segments and counts. */
export type Engine = 'auto' | 'wasm' | 'javascript';

const ENGINES: readonly Engine[] = ['auto', 'wasm', 'javascript'];

/** What happens if there are more distinct words than `maxDistinctWords`. */
export type Overflow = 'error' | 'heavy-hitters';

const OVERFLOWS: readonly Overflow[] = ['error', 'heavy-hitters'];

/** Which Unicode normalization form words are counted in. */
export type Normalization = 'none' | 'NFC';

/** Every normalization form that words can be counted in, the default first. */
export const NORMALIZATIONS: readonly Normalization[] = ['none', 'NFC'];

/** Every unit that Chinese and Japanese can be counted in, the default first. */
export const CJK_UNITS: readonly CjkUnit[] = ['word', 'character'];

/** The largest number of entries in one table. */
export const MAX_DISTINCT_WORDS: number = 2 ** 25;

/** Options of a count. */
export interface WordCounterOptions {
  /** Default: `unicode`. */
  readonly tokenizer?: Tokenizer;
  /**
   * A word of more UTF-8 bytes is truncated, between characters, and counted in that form; a warning says so.
   * It bounds memory. From 16 to 65,536. Default: 1,024; 65,536 with `aws-go-wordfreq-sample`, as in Go.
   */
  readonly maxTokenBytes?: number;
  /**
   * The largest number of distinct words; `overflow` says what happens to more. It bounds memory. From 1 to
   * 2^25. Default: 2^25.
   */
  readonly maxDistinctWords?: number;
  /**
   * What happens if there are more distinct words than `maxDistinctWords`.
   *
   * - `error`: the count ends with `too-many-distinct-words`, at the end of the chunk with one word too many.
   * - `heavy-hitters`: the count continues with the most frequent words (Misra and Gries 1982, merged as by
   *   Agarwal et al. 2012). A count may then be too low, by at most {@link WordCounts.maxError}, which is
   *   never more than `totalWords / (maxDistinctWords + 1)`; each word that occurs more often than that is
   *   included. Memory is needed for `maxDistinctWords`, for the same number or 65,536 of words that are not
   *   yet merged in, and for those of 64 KiB. Only in a text without white space does the table grow further,
   *   up to 2^25 words; more are an error.
   *
   * Default: `error`.
   */
  readonly overflow?: Overflow;
  /**
   * `NFC` counts canonically equivalent words together, such as é and e with a combining accent, in Unicode's
   * composed form. It is applied once to each distinct word, and to Chinese, Japanese, Thai, Lao, Khmer and
   * Burmese before they are segmented. Default: `none`.
   */
  readonly normalize?: Normalization;
  /**
   * Which words that look alike are counted together; only with the tokenizer `unicode`. It is applied once to
   * each distinct word, so `maxTokenBytes` and `maxDistinctWords` are of words as they stand in the text.
   *
   * - `none`: those that differ in case, unless `keepCase` is set.
   * - `visible`: also those that differ in invisible characters, in connectors such as `_` at their ends, or in
   *   the form of an apostrophe inside.
   * - `loose`: also those that differ in full or half width, Arabic tatweel and vowel signs, Hebrew gershayim and
   *   final letters.
   *
   * Default: `visible`.
   */
  readonly fold?: Fold;
  /**
   * Folds case as a language does: Turkish and Azerbaijani `I` is `ı`, Lithuanian keeps the dot of an `i` with an
   * accent. Only with the tokenizer `unicode`; counted in JavaScript. Default: none; case is folded in the same way
   * for all languages.
   */
  readonly locale?: CaseLocale | undefined;
  /** Keep upper case as it is. Default: false. */
  readonly keepCase?: boolean;
  /**
   * Joins words that a hyphen divides at the end of a line, as in books and PDFs, if the rest of the text says that they
   * are one word: it has the joined word more often than the parts with a hyphen; or it has neither, and one of the parts
   * never occurs by itself. Real hyphens, and suspended ones before an "and", stay. This takes a little more time, and
   * memory for each different pair of words with a hyphen. Only with the tokenizer `unicode`, single words
   * and `overflow: 'error'`. Default: false.
   */
  readonly dehyphenate?: boolean;
  /**
   * Count n-grams, sequences of n words joined by spaces, instead of single words. From 1 to 5. Default: 1.
   */
  readonly ngram?: number;
  /**
   * Segments languages that are written without spaces, for the tokenizer `unicode`: one dictionary or several, of
   * different scripts, from `@org/wordfreq-core/cjk` and `@org/wordfreq-core/southeast-asia`. Default: none; the
   * platform's `Intl.Segmenter` segments them.
   */
  readonly dictionary?: WordDictionary | readonly WordDictionary[] | undefined;
  /**
   * What a word of Chinese and Japanese is, for the tokenizer `unicode`: a word, or each ideograph and each kana, as
   * word processors count. Default: `word`.
   */
  readonly cjk?: CjkUnit;
  /**
   * The text's encoding: a name that `TextDecoder` knows, such as `gb18030` or `latin1`, `utf-32le` or `utf-32be`;
   * or `detectEncoding` of `@org/wordfreq-core/encoding`, which looks at the first 64 KiB. A byte order mark has
   * precedence. It is not part of the fingerprint: {@link WordCounts.encoding} says what was used. Default: UTF-8.
   */
  readonly encoding?: string | EncodingDetector | undefined;
  /**
   * What segments and counts; the counts are the same. `auto` is WebAssembly with SIMD if the platform has
   * it, else JavaScript. With `keepCase`, `locale`, `ngram` or the tokenizer `aws-go-wordfreq-sample`, it is always
   * JavaScript. Default: `auto`.
   */
  readonly engine?: Engine;
}

/** Options with all defaults filled in. */
export interface ResolvedOptions
  extends Required<Omit<WordCounterOptions, 'dictionary' | 'locale' | 'encoding'>> {
  /** The dictionaries that were given, in the order of their scripts. */
  readonly dictionary: readonly WordDictionary[];
  /** The language whose case rules apply, if one was given. */
  readonly locale: CaseLocale | undefined;
  /** The encoding by its standard name, or a detector; undefined for UTF-8. */
  readonly encoding: string | EncodingDetector | undefined;
}

const DEFAULTS: ResolvedOptions = {
  tokenizer: 'unicode',
  maxTokenBytes: 1024,
  maxDistinctWords: MAX_DISTINCT_WORDS,
  overflow: 'error',
  normalize: 'none',
  fold: 'visible',
  locale: undefined,
  keepCase: false,
  dehyphenate: false,
  ngram: 1,
  engine: 'auto',
  dictionary: [],
  cjk: 'word',
  encoding: undefined,
};

/**
 * Checks options and fills in the defaults. No value is silently corrected.
 *
 * @throws WordfreqError `invalid-option`, with the field's name
 * @example
 * resolveOptions({ tokenizer: 'whitespace' }).maxTokenBytes; // 1024
 */
export function resolveOptions(options: WordCounterOptions = {}): ResolvedOptions {
  requireObject(options);
  for (const field of Object.keys(options)) {
    if (!Object.hasOwn(DEFAULTS, field)) {
      throw invalidOption(field, `one of ${Object.keys(DEFAULTS).join(', ')}`, `"${field}"`);
    }
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolved: ResolvedOptions = {
    ...DEFAULTS,
    ...defaultsOf(given['tokenizer']),
    ...given,
    dictionary: dictionariesOf(options.dictionary),
  };
  requireOneOf('tokenizer', TOKENIZERS, resolved.tokenizer);
  requireOneOf('engine', ENGINES, resolved.engine);
  requireOneOf('overflow', OVERFLOWS, resolved.overflow);
  requireOneOf('normalize', NORMALIZATIONS, resolved.normalize);
  requireOneOf('fold', FOLDS, resolved.fold);
  requireOneOf('cjk', CJK_UNITS, resolved.cjk);
  if (resolved.locale !== undefined) requireOneOf('locale', CASE_LOCALES, resolved.locale);
  requireWholeNumber('maxTokenBytes', resolved.maxTokenBytes, 16, 65_536);
  requireWholeNumber('maxDistinctWords', resolved.maxDistinctWords, 1, MAX_DISTINCT_WORDS);
  requireWholeNumber('ngram', resolved.ngram, 1, 5);
  requireBoolean('keepCase', resolved.keepCase);
  requireBoolean('dehyphenate', resolved.dehyphenate);
  if (resolved.keepCase && resolved.tokenizer === 'aws-go-wordfreq-sample') {
    throw invalidOption('keepCase', 'false with the tokenizer aws-go-wordfreq-sample', 'true');
  }
  requireDictionariesFor(resolved);
  requireLanguageOptions(resolved);
  requireJoinable(resolved);
  return { ...resolved, encoding: checkedEncoding(resolved.encoding) };
}

/** The defaults of a tokenizer that are other ones. */
function defaultsOf(tokenizer: unknown = DEFAULTS.tokenizer): Partial<ResolvedOptions> {
  if (tokenizer === 'unicode') return {};
  // The largest token of Go's bufio.Scanner.
  return tokenizer === 'aws-go-wordfreq-sample' ? { fold: 'none', maxTokenBytes: 65_536 } : { fold: 'none' };
}

function checkedEncoding(encoding: EncodingOption): EncodingOption {
  if (encoding === undefined || typeof encoding === 'function') return encoding;
  if (typeof encoding === 'string') return requireEncoding(encoding);
  throw invalidOption('encoding', 'a name or a detector', typeof encoding);
}

function requireLanguageOptions({ tokenizer, fold, locale, keepCase }: ResolvedOptions): void {
  if (tokenizer !== 'unicode') {
    if (fold !== 'none') throw invalidOption('fold', `none with the tokenizer ${tokenizer}`, shown(fold));
    if (locale !== undefined) {
      throw invalidOption('locale', 'none unless the tokenizer is unicode', shown(locale));
    }
  }
  if (locale !== undefined && keepCase) throw invalidOption('locale', 'none with keepCase', shown(locale));
}

function requireJoinable({ dehyphenate, tokenizer, ngram, overflow }: ResolvedOptions): void {
  if (!dehyphenate || (tokenizer === 'unicode' && ngram === 1 && overflow === 'error')) return;
  const got = `true with the tokenizer ${tokenizer}, ngram ${ngram} and overflow ${overflow}`;
  throw invalidOption(
    'dehyphenate',
    'false unless single words of the tokenizer unicode are counted exactly',
    got,
  );
}

/** @internal A value that is not an object must not be mistaken for the defaults. */
export function requireObject(options: object): void {
  if (typeof options === 'object' && options !== null) return;
  throw invalidOption('options', 'an object', options === null ? 'null' : typeof options);
}

function requireOneOf<T>(field: string, values: readonly T[], got: T): void {
  if (!values.includes(got)) throw invalidOption(field, `one of ${values.join(', ')}`, shown(got));
}

function requireBoolean(field: string, got: boolean): void {
  if (typeof got !== 'boolean') throw invalidOption(field, 'true or false', shown(got));
}

function requireWholeNumber(field: string, got: number, lowest: number, highest: number): void {
  if (Number.isInteger(got) && got >= lowest && got <= highest) return;
  throw invalidOption(field, `a whole number from ${lowest} to ${highest}`, shown(got));
}

/** A value as an error message shows it; JSON knows neither bigint nor NaN. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/**
 * Returns a short text that is the same exactly if two sets of options give the same counts, on any machine.
 * It includes the version of Unicode if the counts depend on it, and leaves out `encoding`: texts in different
 * encodings can be counted alike.
 *
 * @example
 * fingerprintOptions({ tokenizer: 'whitespace' }); // 'whitespace-1024'
 * @throws WordfreqError `invalid-option`
 */
export function fingerprintOptions(options: WordCounterOptions = {}): string {
  const { tokenizer, maxTokenBytes, keepCase, ngram, normalize, overflow, maxDistinctWords, ...language } =
    resolveOptions(options);
  const { fold, locale, dictionary, cjk, dehyphenate } = language;
  const unicode = tokenizer === 'unicode' ? `-u${UNICODE_VERSION}` : '';
  const variants = [
    fold === 'none' ? '' : `-${fold}${FOLD_VERSION}`,
    locale === undefined ? '' : `-${locale}`,
    keepCase ? '-case' : '',
    dehyphenate ? `-dehyphenate${LINE_END_VERSION}` : '',
    ngram > 1 ? `-${ngram}gram` : '',
    normalize === 'NFC' ? '-nfc' : '',
    overflow === 'heavy-hitters' ? `-heavy${maxDistinctWords}` : '',
    cjk === 'character' ? '-cjk-character' : '',
    ...dictionary.map(({ version }) => `-${version}`),
  ].join('');
  return `${tokenizer}-${maxTokenBytes}${unicode}${variants}`;
}
