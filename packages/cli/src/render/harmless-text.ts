/**
 * Makes text from outside (keys, words, messages) safe to show in a terminal: control, bidirectional and other invisible
 * formatting characters are shown as their code point, so that nothing can move the cursor, recolour or reorder a line.
 *
 * @example
 * harmlessText('a\u001b[31mb\u202ec'); // 'a‹U+001B›[31mb‹U+202E›c'
 */
export function harmlessText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029]/gu, (character) => {
    // The joiners are ordinary letters' companions in Persian, Indic scripts and emoji.
    if (character === '\u200c' || character === '\u200d') return character;
    const codePoint = character.codePointAt(0) ?? 0;
    return `‹U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}
