import { cutText } from './cut-text.ts';

/**
 * ASCII, Latin, Greek, Cyrillic and their punctuation: text of which nothing is escaped, and of which each
 * character has one column.
 */
export const PLAIN_TEXT: RegExp =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027]*$/;

/**
 * Escapes text from outside (keys, words, messages) so that it stays on its line in a terminal, a log, a mail or
 * a page. Controls, line and paragraph separators, bidirectional and other invisible characters, private use
 * and halves of surrogate pairs are shown as their code point, so that nothing can move the cursor, recolour
 * or reorder a line, or hide in it. Joiners and variation selectors stay after a character that they join or
 * vary: Persian, Indic and Mongolian scripts and emoji need them.
 *
 * @example
 * escapeText('a\u001b[31mb\u202ec'); // 'a‹U+001B›[31mb‹U+202E›c'
 */
export function escapeText(text: string): string {
  // Compiling the expression below takes longer than counting a short text.
  return PLAIN_TEXT.test(text) ? text : withCodePoints(text);
}

function withCodePoints(text: string): string {
  // First a joiner or selector that nothing visible precedes, then everything else that acts or hides.
  return text.replaceAll(
    /(?<![^\p{DI}]|\p{VS})\p{Join_C}|(?<![^\p{DI}])\p{VS}|(?!\p{Join_C}|\p{VS})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu,
    (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
}

/** The characters of {@link escapeText} that move, recolour or reorder what stands around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; the property Cc takes long to compile at a start.
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Escapes a field of a file for programs: only what acts on a terminal is shown as its code point; a soft
 * hyphen, for example, stays.
 */
export function escapeField(text: string): string {
  return text.replaceAll(ACTIVE, escapeText);
}

/** JSON that is safe to show and loses nothing: what acts on a terminal is escaped as JSON can. */
export function escapeJson(value: unknown, indent?: number): string {
  return escapeJsonText(JSON.stringify(value, undefined, indent));
}

/** The same for JSON that is written already. */
export function escapeJsonText(json: string): string {
  // Only strings have such characters: outside of them, control characters are line feeds of the indent.
  return json.replaceAll(ACTIVE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The first characters of a text from outside, escaped.
 *
 * @param limit - how many UTF-16 code units to keep. Default: 200. A pair of them is not split.
 */
export function excerpt(text: string, limit = 200): string {
  if (text.length <= limit) return escapeText(text);
  return `${escapeText(cutText(text, limit))}…`;
}
