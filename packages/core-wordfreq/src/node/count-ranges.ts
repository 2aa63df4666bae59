import { closeSync, openSync } from 'node:fs';
import { TEXT_START, TextDecoding } from '../charset/text-decoding.ts';
import { resolveOptions } from '../options.ts';
import { Tally } from '../tally.ts';
import { Warnings } from '../warnings.ts';
import type { RangeCounts, RangesTask } from './range-thread.ts';
import { ThreadExchange } from './thread-exchange.ts';
import { newRangeBuffer, wordsOfRange } from './words-of-range.ts';

/**
 * Counts ranges of the task's file, as long as there are ranges that no other thread has taken. Yields the
 * number of bytes so far after each range.
 */
export function* countRanges(task: RangesTask): Generator<number, RangeCounts, undefined> {
  const { size, rangeBytes, nextRange, dictionaries } = task;
  const exchange = task.exchange && new ThreadExchange(task.exchange);
  const options = resolveOptions({
    ...task.options,
    dictionary: dictionaries.map(({ table, ...each }) => ({ ...each, table: () => table })),
  });
  const warnings = new Warnings();
  const tally = new Tally(options, warnings, undefined, exchange);
  // Only UTF-8 is counted in threads.
  const decoding = new TextDecoding(warnings, TEXT_START, 'utf-8', (bytes, base) => tally.push(bytes, base));
  const takeRange = (): number => rangeBytes * Atomics.add(nextRange, 0, 1);
  let ranges = 0;
  let counted = 0;
  let end = 0;
  const buffer = newRangeBuffer();
  const file = openSync(task.path, 'r');
  try {
    for (let start = takeRange(); start < size; start = takeRange()) {
      for (const { bytes, offset } of wordsOfRange(file, start, rangeEnd(task, start), buffer)) {
        // Only the start of a text can have a byte order mark.
        if (start === 0) decoding.push(bytes);
        else tally.push(bytes, offset);
        tally.requireFewWords();
        counted += bytes.length;
        end = offset + bytes.length;
      }
      if (start === 0) decoding.finish();
      tally.settle(end);
      ranges += 1;
      yield counted;
    }
  } finally {
    closeSync(file);
  }
  const hasAllRanges = ranges * rangeBytes >= size;
  // Threads that own words wait for those of all others.
  if (exchange !== undefined && exchange.index === exchange.engines) exchange.isAlone = hasAllRanges;
  const counts = tally.finish(end, counted);
  const hasOwnWords = exchange?.isUsed ?? false;
  return {
    ...{ entries: counts.entries(), totals: counts.totals, warnings: counts.warnings, hasOwnWords },
    isWhole: hasAllRanges && !hasOwnWords,
  };
}

/** The last range includes what was appended to the file in the meantime, as reading to the end would. */
function rangeEnd({ size, rangeBytes }: RangesTask, start: number): number {
  const end = start + rangeBytes;
  return end < size ? end : Number.MAX_SAFE_INTEGER;
}
