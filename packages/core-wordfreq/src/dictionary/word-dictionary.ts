/** What a dictionary segments: Chinese and Japanese, or a script of South-East Asia. */
export type DictionaryScript = 'cjk' | 'thai' | 'lao' | 'khmer' | 'burmese';

/** Every such script; both engines number them in this order. */
export const DICTIONARY_SCRIPTS: readonly DictionaryScript[] = ['cjk', 'thai', 'lao', 'khmer', 'burmese'];

/**
 * The words of languages that are written without spaces. Pass one or several as the option `dictionary`; see
 * `@org/wordfreq-core/cjk` and `@org/wordfreq-core/southeast-asia`.
 */
export interface WordDictionary {
  /** Which characters it segments. */
  readonly script: DictionaryScript;
  /**
   * Identifies the words and their version. It is part of `fingerprintOptions`, because counts with different
   * versions are not comparable.
   */
  readonly version: string;
  /**
   * Returns the words, and more words if any are given, as a table. Without more words it is made at the first
   * call, which takes some 10 to 60 ms, and kept.
   */
  table(moreWords?: readonly string[]): DictionaryTable;
}

/** Words in a form that both engines read; see `cjk-table.ts` and `lookahead-table.ts`. */
export type DictionaryTable = Uint32Array<ArrayBuffer>;

/**
 * @internal Defines a dictionary. `build` makes the table from the words as bytes (see `word-tree.ts`) and more
 * words.
 */
export function defineDictionary(
  script: DictionaryScript,
  version: string,
  base64: string,
  build: (bytes: Uint8Array, moreWords: readonly string[]) => DictionaryTable,
): WordDictionary {
  let own: DictionaryTable | undefined;
  return {
    script,
    version: `${script}-${version}`,
    table(moreWords = []) {
      if (own !== undefined && moreWords.length === 0) return own;
      const table = build(
        Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
        moreWords,
      );
      if (moreWords.length === 0) own = table;
      return table;
    },
  };
}
