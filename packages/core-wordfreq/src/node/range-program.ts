import { parentPort } from 'node:worker_threads';
import type { WordfreqErrorCode } from '../errors.ts';
import { countRanges } from './count-ranges.ts';
import type { RangeMessage, RangesTask } from './range-thread.ts';

const PROGRESS_BYTES = 8 * 1024 * 1024;

/** Counts the ranges of a task, and posts the progress and the counts. */
function runTask(task: RangesTask, post: (message: RangeMessage) => void): void {
  let reported = 0;
  const counting = countRanges(task);
  for (;;) {
    const { done, value } = counting.next();
    if (done) {
      post({ bytes: value.totals.bytes });
      post(value);
      return;
    }
    if (value - reported < PROGRESS_BYTES) continue;
    reported = value;
    post({ bytes: reported });
  }
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
