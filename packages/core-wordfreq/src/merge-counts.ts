import { mergeInJavaScript } from './engine/table-merger.ts';
import { mergeWarnings } from './warnings.ts';
import { sumTotals, WordCounts } from './word-counts.ts';

/**
 * Adds up the counts of several texts, as if the texts had been counted one after the other with the same
 * options. Warnings keep their offsets, each in its own text. If counts are approximate, their `maxError`
 * values add up.
 *
 * @throws WordfreqError `count-too-large`
 * @example
 * const both = mergeCounts([first, second]);
 */
export function mergeCounts(parts: Iterable<WordCounts>): WordCounts {
  const all = [...parts];
  // One part that was counted in WebAssembly brings the faster merger.
  const merger = all.find((part) => part.merger !== mergeInJavaScript)?.merger ?? mergeInJavaScript;
  return WordCounts.of(
    merger(all.map((part) => part.entries())),
    sumTotals(all.map((part) => part.totals)),
    mergeWarnings(all.map((part) => part.warnings)),
    merger,
  );
}
