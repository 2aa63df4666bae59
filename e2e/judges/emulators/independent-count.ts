/** Words of a text and how often each occurs, most frequent first. */
interface IndependentCount {
  readonly total: number;
  readonly words: readonly { readonly word: string; readonly count: number }[];
}

/**
 * ICU ends Korean words at a middle dot, where Unicode's rules WB6 and WB7 do not: a rare Korean syllable
 * stands in for it.
 */
const DOT_IN_KOREAN = /(?<=\p{Script=Hangul})\u00b7(?=\p{Script=Hangul})/gu;
const STAND_IN = '\ubdc1';

/** Counts by ICU's word boundaries and JavaScript's case mapping, with none of our code: slow and obvious. */
export function countIndependently(text: string): IndependentCount {
  const counts = new Map<string, number>();
  let total = 0;
  const segmenter = new Intl.Segmenter('en', { granularity: 'word' });
  for (const { segment: found, isWordLike } of segmenter.segment(text.replace(DOT_IN_KOREAN, STAND_IN))) {
    if (isWordLike !== true) continue;
    const segment = found.replaceAll(STAND_IN, '\u00b7');
    total += 1;
    const word = visible(segment).toUpperCase().toLowerCase().replaceAll('ς', 'σ');
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const words = [...counts].map(([word, count]) => ({ word, count }));
  return { total, words: words.sort((a, b) => b.count - a.count || byCodePoint(a.word, b.word)) };
}

/** One visible word, one row: no connectors at its ends, nothing invisible, one apostrophe. */
function visible(segment: string): string {
  return segment
    .replace(/(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/[\u2019\u02bc]/g, "'")
    .replace(/^[\p{Pc}\u202f]+|[\p{Pc}\u202f]+$/gu, '');
}

function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
