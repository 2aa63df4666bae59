/** Control, format (bidi) and line-separator characters, and halves of surrogate pairs: they could forge a log line. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * The first characters of a hostile text, safe to log and to show.
 *
 * @param limit - how many characters to keep. Default: 200.
 */
export function excerpt(text: string, limit = 200): string {
  const start = text.slice(0, limit).replace(HARMFUL, '\uFFFD');
  return text.length > limit ? `${start}…` : start;
}
