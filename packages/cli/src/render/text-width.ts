import { createRequire } from 'node:module';

/** ASCII, Latin, Greek, Cyrillic and their punctuation: one column each; a test asks the library. */
export const NARROW: RegExp =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027]*$/;

let wide: ((text: string) => number) | undefined;

/**
 * How many columns of a terminal a text takes: two for CJK and emoji, none for combining marks. The library that knows is loaded at
 * the first text beyond these, because that takes longer than the program's whole start.
 */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  wide ??= loadStringWidth();
  return wide(text);
}

function loadStringWidth(): (text: string) => number {
  const require = createRequire(import.meta.url);
  return (require('string-width') as typeof import('string-width')).default;
}
