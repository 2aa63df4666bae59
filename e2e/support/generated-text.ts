import { seededRandom } from '../../packages/worker/test/support/seeded-random.ts';

/** A text made word by word, together with the count that its maker kept. */
export interface GeneratedText {
  readonly key: string;
  readonly body: Uint8Array;
  /** Word → count, kept while writing; no tokenizer is involved. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Words as they are counted, and the spellings in which they are written. */
const VOCABULARY: readonly (readonly [word: string, ...spellings: string[]])[] = [
  ['the', 'The', 'THE'],
  ['whale', 'Whale'],
  ['proto', '__proto__'],
  ['constructor'],
  ["can't", 'can’t', 'Can’t', "can't"],
  ['3.14'],
  ['élan', 'Élan', 'ÉLAN'],
  ['über', 'Über'],
  ['мир', 'Мир', 'МИР'],
  ['война', 'Война'],
  ['θάλασσα', 'Θάλασσα'],
  ['سلام'],
  ['नमस्ते'],
  ['serendipity', 'SERENDIPITY'],
  ['x', 'X'],
];

const SEPARATORS = [' ', ' ', ' ', '\n', '\r\n', '\t', ', ', '. ', ' — ', '! ', ' («', '») ', ' 😀 ', '"'];

/** Keys that other systems get wrong. */
const KEYS = [
  'plain.txt',
  'with space.txt',
  'plus+sign.txt',
  'percent%2Bsign.txt',
  'a//b.txt',
  'a/b.txt',
  'üñí/红楼梦.txt',
  'emoji-🐳.txt',
  'quote\'and"quote.txt',
  '<b>html</b>.txt',
  '=1+1.txt',
  '__proto__.txt',
  `long-${'k'.repeat(1015)}.txt`,
];

/** Makes `count` texts from a seed: empty ones, small ones, some of several hundred kilobytes. */
export function generateTexts(
  count: number,
  seed: number,
  { maxWords = Number.POSITIVE_INFINITY }: { readonly maxWords?: number } = {},
): readonly GeneratedText[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const words = index % 10 === 9 ? 0 : Math.floor(10 ** (1 + random() * (index % 20 === 0 ? 4 : 3)));
    return generateText(KEYS[index] ?? `batch/${index}.txt`, Math.min(words, maxWords), random);
  });
}

function generateText(key: string, words: number, random: () => number): GeneratedText {
  const counts = new Map<string, number>();
  let text = '';
  for (let index = 0; index < words; index += 1) {
    const forms = pick(VOCABULARY, random);
    text += pick(forms, random) + pick(SEPARATORS, random);
    counts.set(forms[0], (counts.get(forms[0]) ?? 0) + 1);
  }
  return { key, body: new TextEncoder().encode(text), counts };
}

function pick<T>(choices: readonly T[], random: () => number): T {
  return choices[Math.floor(random() * choices.length)] as T;
}

/** The most frequent words: count descending, then in code-point order. Obvious rather than fast. */
export function topWords(
  counts: ReadonlyMap<string, number>,
  top: number,
): { word: string; count: number }[] {
  return [...counts]
    .map(([word, count]) => ({ word, count }))
    .sort((a, b) => b.count - a.count || compareCodePoints(a.word, b.word))
    .slice(0, top);
}

function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
