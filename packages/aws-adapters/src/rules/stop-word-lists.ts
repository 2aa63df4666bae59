import { moreStopWords } from './contractions.ts';

/**
 * The lists of stop words that the command line and the page offer, by ISO 639-1 codes, with their names in
 * the library `stopword` (ISO 639-3).
 */
export const STOP_WORD_LISTS: ReadonlyMap<string, string> = new Map([
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

/**
 * Returns the stop words of a language: those of the library `stopword`, whose exports are given, and the
 * contractions and elisions that it lacks; undefined for a language that is not in {@link STOP_WORD_LISTS}.
 */
export function stopWordsIn(
  language: string,
  library: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  const name = STOP_WORD_LISTS.get(language);
  if (name === undefined) return undefined;
  const list = library[name] as readonly string[];
  return [...list, ...moreStopWords(language, list)];
}

/** A stop word with either apostrophe, and with composed and decomposed letters, as texts may have it. */
export function spellingsOf(word: string): readonly string[] {
  const apostrophes = [word, word.replaceAll("'", '’'), word.replaceAll('’', "'")];
  return apostrophes.flatMap((each) => [each, each.normalize('NFC'), each.normalize('NFD')]);
}
