import { withinCapacity } from './count/heavy-hitters.ts';
import type { WordTable } from './count/word-table.ts';
import { mergeInJavaScript } from './engine/table-merger.ts';
import { WordfreqError } from './errors.ts';
import { type CountWarning, mergeWarnings } from './warnings.ts';
import { type CountOrigin, type CountTotals, sumTotals, WordCounts } from './word-counts.ts';

/**
 * Adds up the counts of several texts, as if the texts had been counted one after the other with the same
 * options. Warnings keep their offsets, each in its own text. If counts are approximate, their `maxError`
 * values add up.
 *
 * Counts that were decoded do not know their options, and merge with any.
 *
 * @throws WordfreqError `count-too-large`; `options-mismatch` if they were counted with different options;
 * `invalid-source` for anything but counts
 * @example
 * const both = mergeCounts([first, second]);
 */
export function mergeCounts(parts: Iterable<WordCounts>): WordCounts {
  const all = [...requireParts(parts)];
  for (const part of all) requireCounts(part);
  const origin = commonOrigin(all);
  return boundedCounts(
    origin.merger(all.map((part) => part.entries())),
    sumTotals(all.map((part) => part.totals)),
    mergeWarnings(all.map((part) => part.warnings)),
    origin,
  );
}

/** @internal Makes counts of a merged table: of heavy hitters, as many words as each part could keep. */
export function boundedCounts(
  merged: WordTable,
  totals: CountTotals,
  warnings: readonly CountWarning[],
  origin: CountOrigin,
): WordCounts {
  const { table, taken } = withinCapacity(merged, origin.capacity ?? merged.size);
  if (taken === 0) return WordCounts.of(table, totals, warnings, origin);
  const counted = table.entries().counts.reduce((sum, count) => sum + count, 0);
  const maxError = totals.maxError + taken;
  return WordCounts.of(table, { ...totals, maxError, uncounted: totals.words - counted }, warnings, origin);
}

function requireParts(parts: unknown): Iterable<WordCounts> {
  // Counts are iterable, too: over their words.
  const isList = typeof parts === 'object' && parts !== null && Symbol.iterator in parts && !areCounts(parts);
  if (isList) return parts as Iterable<WordCounts>;
  throw notCounts(`a list of counts, such as [a, b]`, parts);
}

function requireCounts(part: unknown): void {
  if (!areCounts(part)) throw notCounts('a list of WordCounts', part);
}

/** Checks members instead of the class, because two copies of this package may be installed. */
function areCounts(part: unknown): part is WordCounts {
  return (
    typeof part === 'object' && part !== null && 'entries' in part && 'totals' in part && 'origin' in part
  );
}

function notCounts(expected: string, got: unknown): WordfreqError {
  const type = got === null ? 'null' : typeof got;
  const name = type === 'object' ? ((got as object).constructor?.name ?? type) : type;
  return new WordfreqError(
    'invalid-source',
    `Counts to merge: expected ${expected}, got ${name}. Finish counters, and decode encoded counts, first.`,
  );
}

function commonOrigin(parts: readonly WordCounts[]): CountOrigin {
  const origins = parts.map(({ origin }) => origin);
  const prints = [...new Set(origins.map(({ fingerprint }) => fingerprint))];
  const [first, second] = prints.filter((print) => print !== undefined);
  if (second !== undefined) {
    throw new WordfreqError(
      'options-mismatch',
      `Counts to merge: expected all with the same options, got "${first}" and "${second}". Count the texts alike.`,
    );
  }
  return {
    // One part that was counted in WebAssembly brings the faster merger.
    merger: origins.find(({ merger }) => merger !== mergeInJavaScript)?.merger ?? mergeInJavaScript,
    fingerprint: prints.length === 1 ? first : undefined,
    engine: common(origins.map(({ engine }) => engine)),
    encoding: haveOneEncoding(origins) ? origins[0]?.encoding : undefined,
    // All that have a capacity have the same one, because it is part of the fingerprint.
    capacity: origins.find(({ capacity }) => capacity !== undefined)?.capacity,
  };
}

function common<T>(values: readonly T[]): T | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

function haveOneEncoding(origins: readonly CountOrigin[]): boolean {
  return (
    new Set(origins.map(({ encoding }) => encoding && `${encoding.name} ${encoding.foundBy}`)).size === 1
  );
}
