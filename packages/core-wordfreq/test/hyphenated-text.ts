import { createRequire } from 'node:module';

/** A word that a line end divides, and whether it is one word: otherwise its hyphen was there before. */
export interface Division {
  readonly left: string;
  readonly right: string;
  readonly isOneWord: boolean;
}

/** The library has no types, and a module for each language. */
type Hyphenator = { hyphenateSync(text: string, options: { readonly minWordLength: number }): string };
const require = createRequire(import.meta.url);

/**
 * Sets a text in lines of at most `width` characters, as a book is set: words that do not fit are divided where the
 * language allows it, and after hyphens that they have. So it is known of each line end whether it divides one word.
 */
export function hyphenated(
  text: string,
  language: 'en-us' | 'de',
  width: number,
): { readonly lines: string; readonly divisions: readonly Division[] } {
  const { hyphenateSync } = require(`hyphen/${language}`) as Hyphenator;
  const divisions: Division[] = [];
  const lines: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    let line = '';
    for (let word of paragraph.split(/\s+/).filter((each) => each !== '')) {
      while (line !== '' && line.length + 1 + word.length > width) {
        const division = divide(word, width - line.length - 2, hyphenateSync);
        if (division === undefined) lines.push(line);
        else {
          divisions.push(division);
          lines.push(`${line} ${division.left}-`);
          word = division.right;
        }
        line = '';
      }
      line = line === '' ? word : `${line} ${word}`;
    }
    lines.push(line, '');
  }
  return { lines: lines.join('\n'), divisions };
}

/** The last division whose first part has at most `room` characters. */
function divide(word: string, room: number, hyphenate: Hyphenator['hyphenateSync']): Division | undefined {
  const divisions: Division[] = [];
  let left = '';
  for (const piece of hyphenate(word, { minWordLength: 5 }).split('\u00ad').slice(0, -1)) {
    left += piece;
    if (left.length > 1) divisions.push({ left, right: word.slice(left.length), isOneWord: true });
  }
  for (const { index } of word.matchAll(/(?<=\p{L})-(?=\p{L})/gu)) {
    divisions.push({ left: word.slice(0, index), right: word.slice(index + 1), isOneWord: false });
  }
  return divisions
    .filter((division) => division.left.length <= room)
    .sort((a, b) => b.left.length - a.left.length)[0];
}
