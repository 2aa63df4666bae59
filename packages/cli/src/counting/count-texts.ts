import { KIND_BYTES } from '@org/wordfreq-aws-adapters/rules';
import {
  countWords,
  filterCounts,
  type Normalization,
  type Tokenizer,
  type WordCounterOptions,
  type WordCounts,
} from '@org/wordfreq-core';
import { decompress, isCompressed } from '@org/wordfreq-core/decompress';
import type { CommandContext, CommonValues } from '../command-line/command.ts';
import { choice, flag, negatedFlag, type Option, short, texts, wholeNumber } from '../command-line/option.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { startByteProgress } from '../terminal/progress.ts';
import { dictionaryFor } from './dictionary-for.ts';
import { type FolderOptions, isOfInput, spoken, type TextInput, unreadable } from './found-texts.ts';
import { NOT_TEXT, requireTextBeginning, textOnly } from './require-text.ts';
import { readStopWords } from './stop-words.ts';

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

/** Called for inputs that are not counted. */
export interface NotCounted {
  /** A file of a folder is not text. */
  skip(): void;
  /** An input cannot be read, or is not text. */
  fail(problem: unknown): void;
}

/**
 * Counts inputs one after the other, with a progress bar in a terminal, and passes on the words that the
 * options keep.
 */
export async function countEach(
  inputs: readonly TextInput[],
  options: CountingOptions,
  { terminal, signal }: Pick<CommandContext, 'terminal' | 'signal'>,
  use: (input: TextInput, counts: WordCounts) => void,
  { skip, fail }: NotCounted,
): Promise<void> {
  const { tokenizer, keepCase, normalize, ngrams, threads, text } = options;
  const filter = await filterFor(options);
  const progress = startByteProgress(totalBytes(inputs), terminal);
  try {
    for (const input of inputs) {
      try {
        const counts = await countInput(input, {
          tokenizer,
          normalize,
          threads,
          signal,
          text,
          onBytes: (bytes) => progress.add(bytes),
          dictionary: dictionaryFor({ ...options, sizeBytes: input.sizeBytes }),
          ...(keepCase ? { keepCase } : {}),
          ...(ngrams > 1 ? { ngram: ngrams } : {}),
        });
        use(input, filter(counts));
      } catch (error) {
        if (!isOfInput(error)) throw error;
        if (input.isOfFolder === true && (error as CliError).code === NOT_TEXT) skip();
        else fail(error);
      }
    }
  } finally {
    progress.stop();
  }
}

function totalBytes(inputs: readonly TextInput[]): number | undefined {
  let total = 0;
  for (const { sizeBytes } of inputs) {
    if (sizeBytes === undefined) return undefined;
    total += sizeBytes;
  }
  return total;
}

/** Leaves out stop words and short words, and runs with one of those in them. */
async function filterFor(options: CountingOptions): Promise<(counts: WordCounts) => WordCounts> {
  const { stopWords: names, minLength, ngrams } = options;
  if (names.length === 0 && minLength <= 1) return (counts) => counts;
  const stopWords = await readStopWords(names, options);
  if (ngrams === 1) return (counts) => filterCounts(counts, { stopWords, minLength });
  const isKept = (word: string): boolean => !stopWords.has(word) && [...word].length >= minLength;
  const normalize = (run: string): string | undefined => (run.split(' ').every(isKept) ? run : undefined);
  return (counts) => filterCounts(counts, { normalize });
}

/** How a text is counted. */
export interface CountInputOptions extends WordCounterOptions {
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Whether what is not text is counted. */
  readonly text: boolean;
  /** Called with how many more bytes were read, as they are stored. */
  readonly onBytes: (bytes: number) => void;
}

/** Up to this size, creating a WebAssembly engine takes longer than counting in JavaScript. */
const SMALL_BYTES = 64 * 1024;

/**
 * Counts one text.
 *
 * @throws CliError, exit code 3: it cannot be read, or is not text; WordfreqError `invalid-option`,
 * `too-many-distinct-words`; the signal's reason
 */
export async function countInput(input: TextInput, options: CountInputOptions): Promise<WordCounts> {
  const { threads, onBytes, text, ...counting } = options;
  const engine = (input.sizeBytes ?? SMALL_BYTES) < SMALL_BYTES ? { engine: 'javascript' as const } : {};
  try {
    const isSniffed = input.isOfFolder === true && !text;
    if (threads > 1 && input.path !== undefined && !(await beginsCompressed(input))) {
      if (isSniffed) requireTextBeginning(input.name, await firstChunk(input));
      // Loaded only here, so that no other count waits for what threads need.
      const { countFile } = await import('@org/wordfreq-core/node');
      let told = 0;
      const counts = await countFile(input.path, {
        ...counting,
        threads,
        onProgress({ bytes }) {
          onBytes(bytes - told);
          told = bytes;
        },
      });
      return text ? counts : await textOnly(input.name, counts, () => firstChunk(input));
    }
    let beginning: Uint8Array = new Uint8Array();
    const bytes = noting(decompress(observed(input, onBytes), input), (first) => {
      // So a large image of a folder is not read to its end.
      if (isSniffed) requireTextBeginning(input.name, first);
      beginning = first.slice(0, KIND_BYTES);
    });
    const counts = await countWords(bytes, { ...counting, ...engine });
    return text ? counts : await textOnly(input.name, counts, () => beginning);
  } catch (error) {
    options.signal.throwIfAborted();
    throw explain(error, input.name);
  }
}

/** Passes chunks on, and calls `note` with the first one. */
async function* noting(
  chunks: AsyncIterable<Uint8Array>,
  note: (first: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of chunks) {
    if (isFirst) note(chunk);
    isFirst = false;
    yield chunk;
  }
}

async function* observed(input: TextInput, onBytes: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of input.open()) {
    onBytes(chunk.length);
    yield chunk;
  }
}

async function beginsCompressed(input: TextInput): Promise<boolean> {
  return isCompressed(await firstChunk(input), input);
}

async function firstChunk(input: TextInput): Promise<Uint8Array> {
  for await (const chunk of input.open()) return chunk;
  return new Uint8Array();
}

/** What the decoder says of bytes that it refuses. */
const REFUSED: ReadonlySet<string> = new Set(['corrupt-compression', 'unsupported-encoding']);

function explain(error: unknown, name: string): unknown {
  const { code = '', syscall, message } = error as NodeJS.ErrnoException;
  if (REFUSED.has(code)) {
    return new CliError(
      `${spoken(name)} cannot be read: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
      {
        exitCode: EXIT_CODES.environment,
        code,
        hint: 'Check the file, or leave it out.',
        cause: error,
      },
    );
  }
  return syscall === undefined ? error : unreadable(name, error);
}
