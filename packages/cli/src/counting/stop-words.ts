import { countWords, type WordCounterOptions } from '@org/wordfreq-core';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { dictionaryFor } from './dictionary-for.ts';

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
    const { LISTS_BY_LANGUAGE } = await import('../libraries/stop-word-lists.ts');
    return (LISTS_BY_LANGUAGE[exported] as readonly string[]).join('\n');
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
