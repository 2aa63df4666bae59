import { countWords, filterCounts, type WordCounterOptions, type WordCounts } from '@org/wordfreq-core';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { type CountingOptions, dictionaryFor } from './counting-options.ts';

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
