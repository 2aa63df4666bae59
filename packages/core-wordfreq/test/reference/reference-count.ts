import type { Tokenizer } from '../../src/index.ts';

/**
 * Words and counts by the shortest code that is obviously right: the whole text in memory, split, into a Map.
 */
export function referenceCount(bytes: Uint8Array, tokenizer: Tokenizer): Map<string, number> {
  const counts = new Map<string, number>();
  for (const word of REFERENCE[tokenizer](bytes)) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const byteLength = (text: string): number => new TextEncoder().encode(text).length;

const REFERENCE: Record<Tokenizer, (bytes: Uint8Array) => string[]> = {
  // The platform's own segmenter: the same rules from other people's code. It also calls connectors alone a
  // word.
  unicode: (bytes) =>
    [...new Intl.Segmenter('und', { granularity: 'word' }).segment(decode(bytes))]
      .filter(({ isWordLike, segment }) => isWordLike && !/^[\p{Pc}\p{M}\p{Cf}]*$/u.test(segment))
      .map(({ segment }) => foldCase(segment)),
  whitespace: (bytes) =>
    decode(bytes)
      .replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
      .split(/[ \t\n\v\f\r]+/)
      .filter((word) => word !== ''),
  'aws-go-wordfreq-sample': (bytes) =>
    decode(bytes)
      .split(/[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/)
      .map((token) => [...token].map((character) => character.toLowerCase()).join(''))
      .filter((token) => byteLength(token) > 4)
      .map((token) => token.replaceAll(/^[.,"'?!]+|[.,"'?!]+$/g, '')),
};

/** Case folding of the letters that the tests write. */
function foldCase(text: string): string {
  return [...text]
    .map((character) => (character === 'ß' ? 'ss' : character.toLowerCase().replace('ς', 'σ')))
    .join('');
}
