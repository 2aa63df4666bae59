import { closeSync, openSync } from 'node:fs';
import { TEXT_START, TextDecoding } from '../charset/text-decoding.ts';
import { resolveOptions } from '../options.ts';
import { Tally } from '../tally.ts';
import { Warnings } from '../warnings.ts';
import type { RangeCounts, RangesTask } from './range-thread.ts';
import { ThreadExchange } from './thread-exchange.ts';
import { newRangeBuffer, wordsOfRange } from './words-of-range.ts';

/** What has been counted so far of a task's ranges. */
interface RangesProgress {
  readonly bytes: number;
  readonly distinctWords: number;
}

/**
 * Counts ranges of the task's file, as long as there are ranges that no other thread has taken, or
 * until it `isEnough`. Yields after each range.
 */
export function* countRanges(
  task: RangesTask,
  isEnough: (progress: RangesProgress) => boolean = () => false,
): Generator<RangesProgress, RangeCounts, undefined> {
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
  let counted = 0;
  let end = 0;
  const buffer = newRangeBuffer();
  const file = openSync(task.path, 'r');
  try {
    for (;;) {
      const start = rangeBytes * Atomics.add(nextRange, 0, 1);
      if (start >= size) break;
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
      const progress = { bytes: counted, distinctWords: tally.distinctWords };
      yield progress;
      if (isEnough(progress)) break;
    }
  } finally {
    closeSync(file);
  }
  const counts = tally.finish(end, counted);
  return {
    ...{ entries: counts.entries(), totals: counts.totals, warnings: counts.warnings },
    hasOwnWords: exchange?.isUsed ?? false,
  };
}

/** The last range includes what was appended to the file in the meantime, as reading to the end would. */
function rangeEnd({ size, rangeBytes }: RangesTask, start: number): number {
  const end = start + rangeBytes;
  return end < size ? end : Number.MAX_SAFE_INTEGER;
}
