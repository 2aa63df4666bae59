import { WordfreqError } from './errors.ts';
import { UNICODE_VERSION } from './tokenize/generated/unicode-tables.ts';

/**
 * What counts as a word.
 *
 * - `unicode`: words of any script by Unicode's word boundaries (UAX #29), case folded; what has neither letter nor digit is no word.
 * - `whitespace`: whatever stands between ASCII white space, ASCII letters in lower case (the rule of the countwords benchmark).
 * - `aws-go-wordfreq-sample`: exactly the words of aws-samples/aws-go-wordfreq-sample.
 */
export type Tokenizer = 'unicode' | 'whitespace' | 'aws-go-wordfreq-sample';

/** Every tokenizer, the default first. */
export const TOKENIZERS: readonly Tokenizer[] = ['unicode', 'whitespace', 'aws-go-wordfreq-sample'];

/** What does the counting. */
export type Engine = 'auto' | 'wasm' | 'javascript';

const ENGINES: readonly Engine[] = ['auto', 'wasm', 'javascript'];

/** How to count. */
export interface WordCounterOptions {
  /** Default: `unicode`. */
  readonly tokenizer?: Tokenizer;
  /**
   * A word of more UTF-8 bytes is cut there, between characters, and counted as what is left; a warning says so. It bounds
   * memory. From 16 to 65,536. Default: 1,024.
   */
  readonly maxTokenBytes?: number;
  /**
   * What does the counting; the counts are the same. `auto` is WebAssembly with SIMD where the platform has it, else JavaScript.
   * Default: `auto`.
   */
  readonly engine?: Engine;
}

/** Options with nothing left open. */
export type ResolvedOptions = Required<WordCounterOptions>;

const MIN_TOKEN_BYTES = 16;
const MAX_TOKEN_BYTES = 65_536;
const KNOWN: ReadonlySet<string> = new Set([
  'tokenizer',
  'maxTokenBytes',
  'engine',
] satisfies (keyof WordCounterOptions)[]);

/**
 * Fills in defaults. Nothing is silently corrected.
 *
 * @throws WordfreqError `invalid-option`, with the field's name
 * @example
 * resolveOptions({ tokenizer: 'whitespace' }); // { tokenizer: 'whitespace', maxTokenBytes: 1024, engine: 'auto' }
 */
export function resolveOptions(options: WordCounterOptions = {}): ResolvedOptions {
  for (const field of Object.keys(options)) {
    if (!KNOWN.has(field)) throw invalid(field, `one of ${[...KNOWN].join(', ')}`, `"${field}"`);
  }
  const { tokenizer = 'unicode', maxTokenBytes = 1024, engine = 'auto' } = options;
  if (!TOKENIZERS.includes(tokenizer)) {
    throw invalid('tokenizer', `one of ${TOKENIZERS.join(', ')}`, JSON.stringify(tokenizer));
  }
  if (
    !Number.isInteger(maxTokenBytes) ||
    maxTokenBytes < MIN_TOKEN_BYTES ||
    maxTokenBytes > MAX_TOKEN_BYTES
  ) {
    throw invalid(
      'maxTokenBytes',
      `a whole number from ${MIN_TOKEN_BYTES} to ${MAX_TOKEN_BYTES}`,
      String(maxTokenBytes),
    );
  }
  if (!ENGINES.includes(engine)) {
    throw invalid('engine', `one of ${ENGINES.join(', ')}`, JSON.stringify(engine));
  }
  return { tokenizer, maxTokenBytes, engine };
}

function invalid(field: string, expected: string, got: string): WordfreqError {
  return new WordfreqError('invalid-option', `Option ${field}: expected ${expected}, got ${got}.`, field);
}

/**
 * A short text that is the same exactly when two sets of options count alike, on every machine. It names the version of the
 * Unicode tables where they matter.
 *
 * @example
 * fingerprintOptions({ tokenizer: 'whitespace' }); // 'whitespace-1024'
 * @throws WordfreqError `invalid-option`
 */
export function fingerprintOptions(options: WordCounterOptions = {}): string {
  const { tokenizer, maxTokenBytes } = resolveOptions(options);
  const unicode = tokenizer === 'unicode' ? `-u${UNICODE_VERSION}` : '';
  return `${tokenizer}-${maxTokenBytes}${unicode}`;
}
