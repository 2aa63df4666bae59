/** Adds to a list of a language. */
type MoreWords = (list: readonly string[]) => readonly string[];

/** What the lists lack, because their makers cut words at apostrophes. */
const MORE_WORDS: ReadonlyMap<string, MoreWords> = new Map<string, MoreWords>([
  ['en', () => ENGLISH_CONTRACTIONS],
  ['fr', (list) => elided('c d j l m n s t qu jusqu lorsqu puisqu quoiqu', [...list, ...FRENCH_VERBS])],
  ['it', (list) => elided(ITALIAN_ELISIONS, [...list, ...ITALIAN_VERBS])],
]);

const spaced = (words: string): readonly string[] => words.split(' ');

const PRONOUNS = spaced('i you he she it we they that there who what where how here');
const NEGATED = 'are can could did do does had has have is might must need should was were would ai sha';

const ENGLISH_CONTRACTIONS: readonly string[] = [
  ...PRONOUNS.flatMap((word) => spaced('d ll m re s ve').map((end) => `${word}'${end}`)),
  ...spaced(NEGATED).map((word) => `${word}n't`),
  ...spaced("can't won't let's ain't shan't o'clock 'tis 'twas y'all ma'am"),
];

const FRENCH_VERBS = spaced(
  'est était étaient étais étant été êtes avait avaient avais avons avez ont eut eût ai as aura y en on',
);
const ITALIAN_ELISIONS =
  'c d l m n s t v un dell all dall nell sull coll quell quest com dov cos quand nessun ciascun qualcun anch senz tutt';
const ITALIAN_VERBS = spaced(
  'è era erano ero eri ha hanno aveva avevano abbia altro altra altri altre io essi esso essa uno una',
);

const ACCENTED_VOWELS: ReadonlySet<string> = new Set('àâéèêîïôùœ');

/** Every word of a list that begins with a vowel, after each of the elided words: `l'un`, `qu'il`, `c'est`. */
function elided(before: string, list: readonly string[]): readonly string[] {
  const open = [...new Set(list)].filter(
    (word) => /^[aeiouyh]./iu.test(word) || ACCENTED_VOWELS.has(word.charAt(0).toLowerCase()),
  );
  return spaced(before).flatMap((first) => open.map((word) => `${first}'${word}`));
}

/** Returns the words that belong to a list of a language (ISO 639-1), and are not in it. */
export function moreStopWords(language: string, list: readonly string[]): readonly string[] {
  return MORE_WORDS.get(language)?.(list) ?? [];
}
