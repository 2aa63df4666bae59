import { closeSync, openSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { TEXT_START, TextDecoding } from '../charset/text-decoding.ts';
import type { WordfreqErrorCode } from '../errors.ts';
import { resolveOptions } from '../options.ts';
import { Tally } from '../tally.ts';
import { Warnings } from '../warnings.ts';
import type { WordCounts } from '../word-counts.ts';
import type { RangeMessage, RangesTask } from './range-thread.ts';
import { ThreadExchange } from './thread-exchange.ts';
import { newRangeBuffer, wordsOfRange } from './words-of-range.ts';

const PROGRESS_BYTES = 8 * 1024 * 1024;

/** Counts ranges of the task's file, as long as there are ranges that no other thread has taken. */
function countRanges(task: RangesTask, exchange: ThreadExchange | undefined, onBytes: OnBytes): WordCounts {
  const { size, rangeBytes, nextRange, dictionaries } = task;
  const takeRange = (): number => rangeBytes * Atomics.add(nextRange, 0, 1);
  const options = resolveOptions({
    ...task.options,
    dictionary: dictionaries.map(({ table, ...each }) => ({ ...each, table: () => table })),
  });
  const warnings = new Warnings();
  let start = takeRange();
  const tally = new Tally(options, warnings, undefined, exchange);
  // Only UTF-8 is counted in threads.
  const decoding = new TextDecoding(warnings, TEXT_START, 'utf-8', (bytes, base) => tally.push(bytes, base));
  let counted = 0;
  let end = 0;
  const buffer = newRangeBuffer();
  const file = openSync(task.path, 'r');
  try {
    for (; start < size; start = takeRange()) {
      for (const { bytes, offset } of wordsOfRange(file, start, rangeEnd(task, start), buffer)) {
        // Only the start of a text can have a byte order mark.
        if (start === 0) decoding.push(bytes);
        else tally.push(bytes, offset);
        tally.requireFewWords();
        counted += bytes.length;
        end = offset + bytes.length;
        onBytes(counted);
      }
      if (start === 0) decoding.finish();
      tally.settle(end);
    }
  } finally {
    closeSync(file);
  }
  return tally.finish(end, counted);
}

/** The last range includes what was appended to the file in the meantime, as reading to the end would. */
function rangeEnd({ size, rangeBytes }: RangesTask, start: number): number {
  const end = start + rangeBytes;
  return end < size ? end : Number.MAX_SAFE_INTEGER;
}

type OnBytes = (bytes: number) => void;

/** Counts the ranges of a task, and posts the progress and the counts. */
function runTask(task: RangesTask, post: (message: RangeMessage) => void): void {
  const exchange = task.exchange && new ThreadExchange(task.exchange);
  let reported = 0;
  const counts = countRanges(task, exchange, (bytes) => {
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    post({ bytes });
  });
  const { totals, warnings } = counts;
  post({ bytes: totals.bytes });
  post({ entries: counts.entries(), totals, warnings, hasOwnWords: exchange?.isUsed ?? false });
}

/** The buffers that are transferred instead of copied: this thread does not need them any more. */
function buffersOf(message: RangeMessage): ArrayBuffer[] {
  if (!('entries' in message)) return [];
  const { bytes, starts, counts } = message.entries;
  return [bytes, starts, counts].map((array) => array.buffer as ArrayBuffer);
}

parentPort?.on('message', (task: RangesTask) => {
  const post = (message: RangeMessage): void => parentPort?.postMessage(message, buffersOf(message));
  try {
    runTask(task, post);
  } catch (error) {
    // An error loses its code between threads, so it is sent as data. Other errors end the thread.
    if (!(error instanceof Error) || !('code' in error) || error.name !== 'WordfreqError') throw error;
    post({ error: { code: error.code as WordfreqErrorCode, message: error.message } });
  }
});
