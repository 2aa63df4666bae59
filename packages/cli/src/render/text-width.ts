import { createRequire } from 'node:module';

const PRINTABLE_ASCII = /^[ -~]*$/;

let wide: ((text: string) => number) | undefined;

/**
 * How many columns of a terminal a text takes: two for CJK and emoji, none for combining marks. The library that knows is loaded at
 * the first text beyond ASCII, because that takes longer than the program's whole start.
 */
export function textWidth(text: string): number {
  if (PRINTABLE_ASCII.test(text)) return text.length;
  wide ??= loadStringWidth();
  return wide(text);
}

function loadStringWidth(): (text: string) => number {
  const require = createRequire(import.meta.url);
  return (require('string-width') as typeof import('string-width')).default;
}
