import { STOP_WORD_LISTS, spellingsOf, stopWordsIn } from '@org/wordfreq-aws-adapters/rules';
import {
  countWords,
  type EncodingDetector,
  filterCounts,
  type TextSource,
  type WordCounterOptions,
  type WordCounts,
} from '@org/wordfreq-core';
import { decompress } from '@org/wordfreq-core/decompress';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { AUTO, type CountingOptions, detectEncoding, spellingOptions } from './counting-options.ts';

/**
 * The words that options name: of a list that comes with the program (`en`), of a file, or written out with
 * commas between them. They go through the tokenizer of the count, so that they are spelled as its words are; with
 * either apostrophe, and with composed and decomposed letters. Files may be compressed, and in any encoding.
 *
 * @throws CliError, exit code 2: there is neither list nor file of that name, or a file is not text
 */
export async function readStopWords(
  names: readonly string[],
  options: Pick<
    WordCounterOptions,
    'tokenizer' | 'keepCase' | 'normalize' | 'fold' | 'locale' | 'cjk' | 'dictionary'
  >,
  encoding: string = AUTO,
): Promise<ReadonlySet<string>> {
  const words = new Set<string>();
  for (const name of names) {
    const list = name.includes(',') ? name.replaceAll(',', '\n') : await namedList(name);
    const counts = await countWords(list, {
      ...options,
      encoding: wordListEncoding(typeof list === 'string' ? AUTO : encoding),
    });
    if (counts.warnings.some(({ code }) => UNREADABLE.has(code))) {
      throw notReadable(name, counts.encoding?.likely);
    }
    for (const [word] of counts) for (const spelling of spellingsOf(word)) words.add(spelling);
  }
  return words;
}

/** Warnings about a list of which some words would be missing. */
const UNREADABLE: ReadonlySet<string> = new Set(['invalid-utf8', 'undecodable', 'nul']);

/** Returns the encoding of a list of words: that of the texts (`--encoding`), but a list may also be UTF-8. */
export function wordListEncoding(encoding: string): EncodingDetector {
  return encoding === AUTO ? detectEncoding : () => ({ name: encoding, isSure: true });
}

function notReadable(name: string, likely: string | undefined): CliError {
  const advice = likely === undefined ? '' : `, or read it with --encoding ${likely}`;
  return new CliError(`the list of stop words ${name} is not UTF-8`, {
    exitCode: EXIT_CODES.usage,
    code: 'no-stop-words',
    hint: `Save it in UTF-8${advice}.`,
  });
}

async function namedList(name: string): Promise<TextSource> {
  if (STOP_WORD_LISTS.has(name)) return (stopWordsIn(name, await import('stopword')) ?? []).join('\n');
  const bytes = await fs.promises.readFile(name).catch((cause: unknown) => {
    throw new CliError(`no list of stop words and no readable file is called ${name}`, {
      exitCode: EXIT_CODES.usage,
      code: 'no-stop-words',
      hint: `Lists are ${[...STOP_WORD_LISTS.keys()].join(', ')}. Put a comma after a single word: --stop-words ${name},`,
      cause,
    });
  });
  return joined(decompress(onlyChunk(bytes)), name);
}

/** Yields bytes as a stream does. */
export async function* onlyChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** All at once, so that a damaged file is noticed here. */
async function joined(chunks: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) all.push(chunk.slice());
  } catch (cause) {
    throw new CliError(`the list of stop words ${name} cannot be read: ${(cause as Error).message}`, {
      exitCode: EXIT_CODES.usage,
      code: 'no-stop-words',
      hint: 'Compress it again, or leave it out.',
      cause,
    });
  }
  return Buffer.concat(all);
}

/** Leaves out stop words and short words, and runs with one of those in them. */
export async function filterFor(
  options: CountingOptions,
  dictionary: WordCounterOptions['dictionary'],
): Promise<(counts: WordCounts) => WordCounts> {
  const { stopWords: names, minLength, ngrams } = options;
  if (names.length === 0 && minLength <= 1) return (counts) => counts;
  const spelling = { ...spellingOptions(options), dictionary };
  const stopWords = await readStopWords(names, spelling, options.encoding);
  if (ngrams === 1) return (counts) => filterCounts(counts, { stopWords, minLength });
  const isKept = (word: string): boolean => !stopWords.has(word) && [...word].length >= minLength;
  const normalize = (run: string): string | undefined => (run.split(' ').every(isKept) ? run : undefined);
  return (counts) => filterCounts(counts, { normalize });
}
