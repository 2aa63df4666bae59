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

/** A stop word with either apostrophe, and with composed and decomposed letters, as texts may have it. */
export function spellingsOf(word: string): readonly string[] {
  const apostrophes = [word, word.replaceAll("'", '’'), word.replaceAll('’', "'")];
  return apostrophes.flatMap((each) => [each, each.normalize('NFC'), each.normalize('NFD')]);
}
