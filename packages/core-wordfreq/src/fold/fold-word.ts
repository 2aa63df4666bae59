/**
 * How words that look alike are counted together. docs/one-row-per-word.md lists the rules with examples.
 *
 * - `none`: words are the segments of UAX #29, case folded.
 * - `visible`: what no reader sees, or calls part of a word, makes no other word.
 * - `loose`: also what most readers take for the same word in another style.
 */
export type Fold = 'none' | 'visible' | 'loose';

/** Every fold, from the strictest to the loosest. */
export const FOLDS: readonly Fold[] = ['none', 'visible', 'loose'];

/** The version of these rules; fingerprints have it, so that counts by other rules are never mixed. */
export const FOLD_VERSION = 1;

/** Default_Ignorable_Code_Point (DerivedCoreProperties.txt), but for ZWNJ and ZWJ. */
const IGNORABLES =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}';
const IGNORABLE = new RegExp(`[${IGNORABLES}]+`, 'gu');

/**
 * Blocks of the scripts that spell with ZWNJ and ZWJ (UAX #31, section 2.3, contexts A and B): Arabic, Syriac,
 * N'Ko, Mandaic; the Indic scripts from Devanagari to Sinhala; Myanmar, Khmer, Mongolian; the Arabic forms; the
 * Indic scripts of the first supplementary plane; Adlam.
 */
const JOINING =
  '\\u0600-\\u085f\\u0860-\\u08ff\\u0900-\\u0dff\\u1000-\\u109f\\u1780-\\u18af\\ua8e0-\\ua8ff\\ufb50-\\ufdff\\ufe70-\\ufefc\\u{10d00}-\\u{10d3f}\\u{11000}-\\u{11fff}\\u{1e900}-\\u{1e95f}';
/** All joiners of a row but the last one. */
const REPEATED_JOINERS = /[\u200c\u200d]+(?=[\u200c\u200d])/gu;
/** Joiners that do not stand between two letters of such scripts. */
const JOINER = new RegExp(`(?<![${JOINING}])[\\u200c\\u200d]|[\\u200c\\u200d](?![${JOINING}])`, 'gu');

/** ExtendNumLet (WordBreakProperty.txt): WB13a and WB13b join it to words, before, after and inside. */
const CONNECTORS = '_\\u202f\\u203f\\u2040\\u2054\\ufe33\\ufe34\\ufe4d-\\ufe4f\\uff3f';
const CONNECTORS_AT_ENDS = new RegExp(`^[${CONNECTORS}]+|[${CONNECTORS}]+$`, 'gu');

/** The apostrophes of typography and of phonetics, between two characters (UAX #29, section 4.1). */
const APOSTROPHE = /(?<=.)[\u2019\u02bc](?=.)/gu;

/** Tatweel, and vowel signs without hamza and madda, which distinguish letters (Arabic block). */
const ARABIC_STYLE = /[\u0640\u064b-\u0652\u0656-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed]+/gu;
/** Characters with the decomposition `<wide>` or `<narrow>` (UnicodeData.txt, UAX #11). */
const WIDTHS = /[\u3000\uff01-\uffee]+/gu;
/** Geresh and gershayim as they are typed, and final letters as others (Hebrew block). */
const HEBREW_FORMS: ReadonlyMap<string, string> = new Map([
  ['\u05f3', "'"],
  ['\u05f4', '"'],
  ['\u05da', '\u05db'],
  ['\u05dd', '\u05de'],
  ['\u05df', '\u05e0'],
  ['\u05e3', '\u05e4'],
  ['\u05e5', '\u05e6'],
]);
const HEBREW_FORM = new RegExp(`[${[...HEBREW_FORMS.keys()].join('')}]`, 'gu');

/** Returns a word, or words with spaces between them, as they are counted. */
export function foldWords(text: string, fold: Fold): string {
  const foldOne = fold === 'loose' ? foldLoosely : foldVisibly;
  // Nothing is left of a word of tatweels; it is counted as it is.
  return text
    .split(' ')
    .map((word) => foldOne(word) || word)
    .join(' ');
}

function foldVisibly(word: string): string {
  return withoutIgnorables(word)
    .replace(REPEATED_JOINERS, '')
    .replace(JOINER, '')
    .replace(CONNECTORS_AT_ENDS, '')
    .replace(APOSTROPHE, "'");
}

function foldLoosely(word: string): string {
  const styled = word
    .replace(WIDTHS, (characters) => characters.normalize('NFKC'))
    .replace(ARABIC_STYLE, '')
    .replace(HEBREW_FORM, (form) => HEBREW_FORMS.get(form) ?? form);
  return foldVisibly(styled);
}

/** Removes what nobody sees. Joiners stay, because some scripts spell with them. */
export function withoutIgnorables(text: string): string {
  return text.replace(IGNORABLE, '');
}

/**
 * The first bytes of the characters that `visible` removes or replaces. A word without one stays as it is.
 * Most of these bytes also start other characters; {@link mayFold} then looks at the next byte.
 */
const FIRST_BYTES: Uint8Array = /* @__PURE__ */ (() => {
  const bytes = new Uint8Array(256);
  for (const byte of [0x5f, 0xc2, 0xca, 0xcd, 0xd8, 0xe1, 0xe2, 0xe3, 0xef, 0xf0, 0xf3]) bytes[byte] = 1;
  return bytes;
})();

/** Whether `visible` may change a word; if not, it need not be decoded. */
export function mayFold(bytes: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (FIRST_BYTES[byte] === 1 && mayFoldAt(byte, bytes, at, from, end)) return true;
  }
  return false;
}

function mayFoldAt(byte: number, bytes: Uint8Array, at: number, from: number, end: number): boolean {
  const next = bytes[at + 1] as number;
  switch (byte) {
    case 0x5f: // A connector at an end, also of a word in a run of words.
      return at === from || at + 1 === end || next === 0x20 || bytes[at - 1] === 0x20;
    case 0xc2: // U+00AD
      return next === 0xad;
    case 0xca: // U+02BC
      return next === 0xbc;
    case 0xcd: // U+034F
      return next === 0x8f;
    case 0xd8: // U+061C
      return next === 0x9c;
    case 0xe1: // U+115F, U+1160, U+17B4, U+180B
      return next === 0x85 || next === 0x9e || next === 0xa0;
    case 0xe2: // U+200B to U+206F
      return next === 0x80 || next === 0x81;
    case 0xe3: // U+3164
      return next === 0x85;
    case 0xef: // U+FE00 and later
      return next >= 0xb8;
    case 0xf0: // U+1BCA0, U+1D173
      return next === 0x9b || next === 0x9d;
    default: // U+E0000
      return true;
  }
}
