/** ASCII, Latin, Greek, Cyrillic and their punctuation: one column each; a test asks the library. */
export const NARROW: RegExp =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027]*$/;

/**
 * Escapes text from outside (keys, words, messages) for a terminal: control, bidirectional and other invisible
 * formatting characters are shown as their code point, so that nothing can move the cursor, recolour or reorder a line.
 *
 * @example
 * escapeText('a\u001b[31mb\u202ec'); // 'a‹U+001B›[31mb‹U+202E›c'
 */
export function escapeText(text: string): string {
  // What has one column has none of them; and to read the expression below takes longer than to count little text.
  return NARROW.test(text) ? text : withCodePoints(text);
}

function withCodePoints(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (character) => {
    // The joiners are ordinary letters' companions in Persian, Indic scripts and emoji.
    if (character === '\u200c' || character === '\u200d') return character;
    const codePoint = character.codePointAt(0) ?? 0;
    return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}

/** The characters of {@link escapeText} that move, recolour or reorder what stands around them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for; the property Cc takes long to read at a start.
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Escapes a field of a file for programs: only what acts on a terminal is shown as its code point; a soft hyphen, for example, stays.
 */
export function escapeField(text: string): string {
  return text.replaceAll(ACTIVE, escapeText);
}

/** JSON that is safe to show and loses nothing: what acts on a terminal is escaped as JSON can. */
export function escapeJson(value: unknown, indent?: number): string {
  // Only strings have such characters: outside of them, control characters are line feeds of the indent.
  return JSON.stringify(value, undefined, indent).replaceAll(ACTIVE, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * A field of a CSV row: RFC 4180, and a spreadsheet must not take a word for a formula (OWASP, "CSV Injection"); one sign alone is none.
 */
export function csvField(text: string): string {
  const guarded = /^[=+\-@\t\r]./.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
