import {
  isText,
  KIND_BYTES,
  kindOfBytes,
  type NotText,
  textFacts,
  whyNotText,
} from '@org/wordfreq-aws-adapters/rules';
import {
  countWords,
  type EncodingDetector,
  type WordCounterOptions,
  type WordCounts,
} from '@org/wordfreq-core';
import { decompress, isCompressed } from '@org/wordfreq-core/decompress';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { formatCount } from '../terminal/format.ts';
import { startByteProgress } from '../terminal/progress.ts';
import { type CountingOptions, detectEncoding, namedEncoding, spellingOptions } from './counting-options.ts';
import { chooseDictionaries } from './dictionaries-for.ts';
import { isOfInput, spoken, type TextInput, unreadable } from './found-texts.ts';
import { filterFor } from './stop-words.ts';

/** Called for inputs that are not counted. */
interface NotCounted {
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
  const { ngrams, threads, text } = options;
  const sizeBytes = totalBytes(inputs);
  // The same for all, because only counts of the same options can be added up.
  const dictionary = await chooseDictionaries(options, sizeBytes);
  const counting = {
    ...spellingOptions(options),
    dictionary,
    encoding: namedEncoding(options.encoding),
    ...{ threads, signal, text },
    ...(ngrams > 1 ? { ngram: ngrams } : {}),
  };
  const filter = await filterFor(options, dictionary);
  const progress = startByteProgress(sizeBytes, terminal);
  try {
    for (const input of inputs) {
      try {
        const counts = await countInput(input, { ...counting, onBytes: (bytes) => progress.add(bytes) });
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

/** How a text is counted. */
interface CountInputOptions extends WordCounterOptions {
  /** Default: what an object's content type says, or UTF-8, or a guess. */
  readonly encoding?: string | undefined;
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
async function countInput(input: TextInput, options: CountInputOptions): Promise<WordCounts> {
  const { threads, onBytes, text, encoding: named, ...others } = options;
  const isSniffed = input.isOfFolder === true && !text;
  const detector = isSniffed ? refusingBinary(input.name, detectEncoding) : detectEncoding;
  const engine = (input.sizeBytes ?? SMALL_BYTES) < SMALL_BYTES ? { engine: 'javascript' as const } : {};
  try {
    await input.start?.();
    const counting = { ...others, encoding: named ?? input.declaredEncoding ?? detector };
    if (threads > 1 && input.path !== undefined && !(await beginsCompressed(input))) {
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

/** The code of an error about what is not text. */
export const NOT_TEXT = 'not-text';

/** How many bytes of a file git and grep look at. */
const BEGINNING_BYTES = 8000;

/**
 * Returns a detector that refuses what has a NUL among its first 8,000 bytes, as git does, unless it is UTF-16: so
 * a large image is not read to its end.
 *
 * @throws CliError `not-text`
 */
function refusingBinary(name: string, detect: EncodingDetector): EncodingDetector {
  return (beginning) => {
    const guess = detect(beginning);
    const at = beginning.subarray(0, BEGINNING_BYTES).indexOf(0);
    if (at === -1 || guess?.isSure === true) return guess;
    const kind = kindOfBytes(beginning);
    const reason = kind === undefined ? `byte ${formatCount(at)} is NUL` : `it is ${kind}`;
    throw notText(
      name,
      kind === undefined && guess !== undefined ? { reason, likely: guess.name } : { reason },
    );
  };
}

/**
 * Returns the counts if they are those of a text, by the workers' rule. `beginning` is read only to say what else it is.
 *
 * @throws CliError `not-text`
 */
async function textOnly(
  name: string,
  counts: WordCounts,
  beginning: () => Uint8Array | Promise<Uint8Array>,
): Promise<WordCounts> {
  const facts = textFacts(counts.totalBytes, counts.warnings);
  if (isText(facts)) return counts;
  throw notText(name, whyNotText(facts, await beginning(), counts.encoding, formatCount));
}

function notText(name: string, { reason, likely }: NotText): CliError {
  const [problem, hint] =
    likely === undefined
      ? [
          `is not text: ${reason}`,
          'Leave it out, name its encoding with --encoding, or count it anyway with --text.',
        ]
      : [`is not UTF-8, but perhaps ${likely}`, `Read it with --encoding ${likely}.`];
  return new CliError(`${spoken(name)} ${problem}`, {
    exitCode: EXIT_CODES.environment,
    code: NOT_TEXT,
    hint,
  });
}
