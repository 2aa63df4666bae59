import { readSync } from 'node:fs';
import { isSpace } from '../charset/held-text.ts';

/** Some bytes of a file, and where in it they stand. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly offset: number;
}

const READ_BYTES = 256 * 1024;
/** Most words that go on behind a range end within so many bytes. */
const READ_BEHIND_BYTES = 4096;

/** Memory for the bytes of one range after the other: the first touch of new memory takes longer than reading does. */
export function newRangeBuffer(): Uint8Array {
  return new Uint8Array(READ_BYTES);
}

/**
 * Reads a range of an open file, from `start` up to `end`, in whole words: it begins behind the first ASCII white space, which ends a word by
 * every tokenizer's rule, and ends with the first behind its end. So the ranges of a file, one beside the other, are the whole file, and one
 * without white space is empty. The bytes are in `buffer`, valid until the next ones are taken.
 */
export function* wordsOfRange(
  file: number,
  start: number,
  end: number,
  buffer: Uint8Array = newRangeBuffer(),
): Generator<FileBytes> {
  let isInWords = start === 0;
  for (let at = start; ; ) {
    const wanted = Math.min(buffer.length, Math.max(end - at, 0) + READ_BEHIND_BYTES);
    const read = buffer.subarray(0, readSync(file, buffer, 0, wanted, at));
    if (read.length === 0) return;
    const first = isInWords ? 0 : behindSpace(read, 0);
    if (first > 0 && at + first > end) return;
    if (first >= 0) {
      isInWords = true;
      const last = at + read.length > end ? behindSpace(read, Math.max(end - at, 0)) : -1;
      yield { bytes: read.subarray(first, last < 0 ? read.length : last), offset: at + first };
      if (last >= 0) return;
    } else if (at + read.length >= end) return;
    at += read.length;
  }
}

/** Behind the first white space from a place on; −1 if there is none. */
function behindSpace(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) if (isSpace(bytes[at] as number)) return at + 1;
  return -1;
}
