import { readSync } from 'node:fs';
import { isSpace } from '../charset/held-text.ts';

/** Some bytes of a file, and their offset in it. */
interface FileBytes {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const READ_BYTES = 256 * 1024;
/** Most words that cross the end of a range end within this many bytes. */
const READ_PAST_BYTES = 4096;

/** Returns a buffer to read all ranges into: the first access to new memory takes longer than reading. */
export function newRangeBuffer(): Uint8Array {
  return new Uint8Array(READ_BYTES);
}

/**
 * Reads a range of an open file, from `start` up to `end`, in whole words: it starts after the first ASCII
 * white space, which ends a word for every tokenizer, and ends after the first one at or after `end`. So
 * adjacent ranges cover the whole file, and a range without white space is empty. The bytes are in `buffer`,
 * valid until the next ones are read.
 */
export function* wordsOfRange(
  file: number,
  start: number,
  end: number,
  buffer: Uint8Array = newRangeBuffer(),
): Generator<FileBytes> {
  let isInWords = start === 0;
  for (let at = start; ; ) {
    const wanted = Math.min(buffer.length, Math.max(end - at, 0) + READ_PAST_BYTES);
    const read = buffer.subarray(0, readSync(file, buffer, 0, wanted, at));
    if (read.length === 0) return;
    const first = isInWords ? 0 : afterSpace(read, 0);
    if (first > 0 && at + first > end) return;
    if (first >= 0) {
      isInWords = true;
      const last = at + read.length > end ? afterSpace(read, Math.max(end - at, 0)) : -1;
      yield { bytes: read.subarray(first, last < 0 ? read.length : last), offset: at + first };
      if (last >= 0) return;
    } else if (at + read.length >= end) return;
    at += read.length;
  }
}

/** Returns the index after the first white space from `from` on; −1 if there is none. */
function afterSpace(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) if (isSpace(bytes[at] as number)) return at + 1;
  return -1;
}
