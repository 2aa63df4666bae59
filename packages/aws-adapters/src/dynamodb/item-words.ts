import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { WordCount } from '../ports/index.ts';

/** The words of a record as attributes of its item. */
interface ItemWords {
  /** The first words, or all of them if they are few: what a person reads in the console. */
  readonly words?: string;
  /** The others in the same form, deflated without a header (RFC 1951). */
  readonly moreWords?: Uint8Array;
}

/** How many words stay readable in the console. */
const READABLE = 10;
/** Little memory, which is enough for a few kilobytes: zlib has to clear it for each record. */
const DEFLATE = { level: 9, windowBits: 10, memLevel: 4 } as const;

/**
 * Packs words: lines with a count and the words that have it, such as `12 bath catherine`. That is about a
 * fifth of what a list of maps takes.
 */
export function packWords(words: readonly WordCount[]): ItemWords {
  if (words.length === 0) return {};
  const rest = wordLines(words.slice(READABLE));
  const moreWords = rest === '' ? undefined : deflateRawSync(rest, DEFLATE);
  if (moreWords === undefined || moreWords.length >= Buffer.byteLength(rest))
    return { words: wordLines(words) };
  return { words: wordLines(words.slice(0, READABLE)), moreWords };
}

/** The words that {@link packWords} has packed, exactly as they were. */
export function unpackWords({ words, moreWords }: ItemWords): readonly WordCount[] {
  return [
    ...(words === undefined ? [] : wordsOfLines(words)),
    ...(moreWords === undefined ? [] : wordsOfLines(inflateRawSync(moreWords).toString())),
  ];
}

function wordLines(words: readonly WordCount[]): string {
  let lines = '';
  let last: number | undefined;
  for (const { word, count } of words) {
    if (count !== last) lines += `${lines === '' ? '' : '\n'}${count}`;
    lines += ` ${escapeWord(word)}`;
    last = count;
  }
  return lines;
}

function wordsOfLines(lines: string): readonly WordCount[] {
  return lines.split('\n').flatMap((line) => {
    const [count, ...words] = line.split(' ');
    return words.map((word) => ({ word: unescapeWord(word), count: Number(count) }));
  });
}

/** Escapes, as JSON does, what separates words and lines here, and what UTF-8 cannot express. */
function escapeWord(word: string): string {
  return JSON.stringify(word).slice(1, -1).replaceAll(' ', '\\u0020');
}

function unescapeWord(word: string): string {
  return word.includes('\\') ? (JSON.parse(`"${word}"`) as string) : word;
}
