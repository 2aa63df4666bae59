import type { StoredResult, WordCount } from '@org/wordfreq-aws-adapters/ports';

/** A word and how often it stands in several files. */
export interface TopWord extends WordCount {
  /** In how many of them. */
  readonly files: number;
}

/** The words of one file. */
export type FileWords = Pick<StoredResult, 'object' | 'words'>;

/** The most frequent words of the newest files. */
export interface TopWordsView {
  /** How many files were added up. */
  readonly files: number;
  /** Each file adds up to 100 words that its record keeps; the most frequent first, then in code-point order. */
  readonly words: readonly TopWord[];
}

/** How many words the view holds; the page shows the first few, perhaps without stop words. */
const MAX_TOP_WORDS = 100;

/**
 * Adds up the words of files; of a file with several versions the first in the list counts, so give the
 * newest first.
 */
export function topWordsOf(results: readonly FileWords[]): TopWordsView {
  const seen = new Set<string>();
  const sums = new Map<string, { count: number; files: number }>();
  for (const { object, words } of results) {
    const name = JSON.stringify([object.bucket, object.key]);
    if (words.length === 0 || seen.has(name)) continue;
    seen.add(name);
    for (const { word, count } of words) {
      const sum = sums.get(word);
      if (sum === undefined) sums.set(word, { count, files: 1 });
      else {
        sum.count += count;
        sum.files += 1;
      }
    }
  }
  const words = [...sums].map(([word, sum]) => ({ word, ...sum }));
  return { files: seen.size, words: words.sort(byCount).slice(0, MAX_TOP_WORDS) };
}

function byCount(a: TopWord, b: TopWord): number {
  return b.count - a.count || compareCodePoints(a.word, b.word);
}

/** UTF-8 is ordered as code points are; UTF-16, which `<` compares, is not. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
