import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { WordfreqErrorCode } from '../errors.ts';
import { PartCounter } from '../part.ts';
import type { PostedPart, RangeMessage, RangeTask } from './range-thread.ts';

const READ_BYTES = 1024 * 1024;
const PROGRESS_BYTES = 8 * 1024 * 1024;

/** What a counting thread does with a task: it reads its range, says how far it is, and posts the part or the error. */
function countRange(task: RangeTask, post: (message: RangeMessage) => void): void {
  const { path, start, end, options, dictionary } = task;
  const counter = new PartCounter({
    ...options,
    dictionary: dictionary && { version: dictionary.version, table: () => dictionary.table },
  });
  const buffer = new Uint8Array(READ_BYTES);
  const file = openSync(path, 'r');
  try {
    let at = start;
    for (let told = at; at < end; ) {
      const read = readSync(file, buffer, 0, Math.min(READ_BYTES, end - at), at);
      if (read === 0) break;
      counter.push(buffer.subarray(0, read));
      at += read;
      if (at - told < PROGRESS_BYTES) continue;
      told = at;
      post({ bytes: at - start });
    }
    const { head, tail, counts } = counter.finish();
    const part: PostedPart = {
      head,
      tail,
      counts: counts && {
        entries: counts.entries(),
        totals: counts.totals,
        warnings: counts.warnings,
      },
    };
    post({ bytes: at - start });
    post({ part });
  } finally {
    closeSync(file);
  }
}

/** The arrays are this thread's no longer, so they need not be copied. */
function buffersOf(message: RangeMessage): ArrayBuffer[] {
  if (!('part' in message) || message.part.counts === undefined) return [];
  const { bytes, starts, counts } = message.part.counts.entries;
  return [bytes, starts, counts].map((array) => array.buffer as ArrayBuffer);
}

parentPort?.on('message', (task: RangeTask) => {
  const post = (message: RangeMessage): void => parentPort?.postMessage(message, buffersOf(message));
  try {
    countRange(task, post);
  } catch (error) {
    // Errors lose their code on the way between threads, so it travels as data; others are the thread's end.
    if (!(error instanceof Error) || !('code' in error) || error.name !== 'WordfreqError') throw error;
    post({ error: { code: error.code as WordfreqErrorCode, message: error.message } });
  }
});
