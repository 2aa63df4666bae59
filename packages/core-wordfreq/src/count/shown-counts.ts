/** The part of counts that is shown. */
interface ShownCounts {
  readonly totalWords: number;
  readonly distinctWords: number;
  readonly warnings: readonly { readonly code: string }[];
  top(n: number): readonly { readonly word: string; readonly count: number }[];
}

/** What `console.log` shows in Node, Bun and Deno: totals and the most frequent words. */
export function shownCounts(counts: ShownCounts): string {
  const { totalWords, distinctWords, warnings } = counts;
  const words = counts.top(5).map(({ word, count }) => `${JSON.stringify(word)} => ${count}`);
  const more = distinctWords > words.length ? [`… ${distinctWords - words.length} more`] : [];
  const warned = warnings.length === 0 ? '' : `, warnings: ${warnings.map(({ code }) => code).join(', ')}`;
  return `WordCounts(${totalWords} words, ${distinctWords} distinct${warned}) { ${[...words, ...more].join(', ')} }`;
}
