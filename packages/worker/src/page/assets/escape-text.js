// The rule of the server, for the browser; a test keeps both equal.
const INVISIBLE =
  /(?<![^\p{DI}]|\p{VS})\p{Join_C}|(?<![^\p{DI}])\p{VS}|(?!\p{Join_C}|\p{VS})[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/gu;

/**
 * Shows control, bidirectional and other invisible characters as code points, so that a name cannot pretend
 * to be another.
 *
 * @param {string} text
 */
export const escapeText = (text) =>
  text.replaceAll(
    INVISIBLE,
    (character) => `‹U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
  );
