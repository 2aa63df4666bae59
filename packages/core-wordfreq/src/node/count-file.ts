import { open, stat } from 'node:fs/promises';
import { beginningBytes, encodingOf, type TextEncoding } from '../charset/text-encoding.ts';
import { type CountWordsOptions, countWords } from '../count-words.ts';
import { SETTLE_BYTES } from '../counter.ts';
import { isWasmAvailable } from '../engine/wasm-module.ts';
import { invalidOption } from '../errors.ts';
import { type ResolvedOptions, requireObject, resolveOptions } from '../options.ts';
import type { WordCounts } from '../word-counts.ts';
import { countRanges } from './count-ranges.ts';
import { joinRanges } from './join-ranges.ts';
import { countRangesInThread, hasThreads, type RangeCounts, type RangesTask } from './range-thread.ts';
import { connectThreads } from './thread-exchange.ts';

/** How to count a file. */
export interface CountFileOptions extends CountWordsOptions {
  /**
   * The number of threads. The calling thread is one of them, so that counting starts at once. Other encodings
   * than UTF-8, n-grams (`ngram`) and texts with `dehyphenate` are always counted by one, and so is every file in a bundle
   * that has no `range-program.js` beside it. From 1 to 64. Default: 1.
   */
  readonly threads?: number;
  /**
   * For fewer bytes, starting a thread is not worthwhile: so many bytes per thread limit the number of
   * threads. From 1. Default: 16 MiB.
   */
  readonly minBytesPerThread?: number;
}

const READ_BYTES = 1024 * 1024;
const MAX_THREADS = 64;
/** Threads take ranges of this size, one after the other, so that all finish at about the same time. */
const RANGE_BYTES = 1024 * 1024;

/**
 * Counts the words of a file, with several threads if you like. The counts are the same with any number of
 * threads.
 *
 * @throws WordfreqError `invalid-option`, `too-many-distinct-words`, `engine-unavailable`; the signal's
 * reason; what the file system throws
 * @example
 * const counts = await countFile('book.txt', { threads: 4 });
 */
export async function countFile(path: string, options: CountFileOptions = {}): Promise<WordCounts> {
  requireObject(options);
  const { threads = 1, minBytesPerThread = 16 * 1024 * 1024, ...counting } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > MAX_THREADS) {
    throw invalidOption('threads', `a whole number from 1 to ${MAX_THREADS}`, String(threads));
  }
  if (!Number.isInteger(minBytesPerThread) || minBytesPerThread < 1) {
    throw invalidOption('minBytesPerThread', 'a whole number from 1', String(minBytesPerThread));
  }
  const { size } = await stat(path);
  const used = Math.min(threads, Math.floor(size / minBytesPerThread));
  if (used > 1 && isDivisible(counting) && hasThreads()) {
    const { signal: _, onProgress: __, ...words } = counting;
    const encoding = await encodingOfFile(path, resolveOptions(words));
    if (encoding.name === 'utf-8') {
      return (await countInThreads(path, size, used, counting)).withEncoding(encoding);
    }
  }
  return countWords(chunksOfFile(path), counting);
}

/** N-grams, and words that hyphens divide at line ends, may cross the ends of ranges. */
function isDivisible({ ngram = 1, dehyphenate = false }: CountWordsOptions): boolean {
  return ngram === 1 && !dehyphenate;
}

async function* chunksOfFile(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

async function encodingOfFile(path: string, options: ResolvedOptions): Promise<TextEncoding> {
  const file = await open(path);
  try {
    const buffer = new Uint8Array(beginningBytes(options.encoding));
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    const isWholeText = bytesRead < buffer.length;
    return encodingOf(buffer.subarray(0, bytesRead), options.encoding, isWholeText).encoding;
  } finally {
    await file.close();
  }
}

async function countInThreads(
  path: string,
  size: number,
  threads: number,
  options: CountWordsOptions,
): Promise<WordCounts> {
  const { signal, onProgress, ...counting } = options;
  const { dictionary: _, encoding: __, ...cloneable } = counting;
  const resolved = resolveOptions(counting);
  // Threads share compiled code while this thread has it, too.
  isWasmAvailable();
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const dictionaries = resolved.dictionary.map(({ script, version, table }) => ({
    script,
    version,
    table: table(),
  }));
  const isExact = resolved.overflow === 'error';
  const rangeBytes = isExact ? RANGE_BYTES : SETTLE_BYTES;
  const nextRange = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  // Which words a thread drops must not depend on the other threads.
  const exchanges = isExact ? connectThreads(threads) : [];
  const task = { path, size, rangeBytes, nextRange, options: cloneable, dictionaries };
  const counted = new Array<number>(threads).fill(0);
  const report = (thread: number, bytes: number): void => {
    counted[thread] = bytes;
    onProgress?.({ bytes: counted.reduce((sum, each) => sum + each, 0) });
  };
  try {
    const others = Array.from({ length: threads - 1 }, (_, index) =>
      countRangesInThread({ ...task, exchange: exchanges[index] }, stop.signal, (bytes) =>
        report(index, bytes),
      ),
    );
    const last = threads - 1;
    const own = countRangesHere({ ...task, exchange: exchanges[last] }, stop.signal, (bytes) =>
      report(last, bytes),
    );
    return joinRanges(await Promise.race([Promise.all([...others, own]), ifWhole(own)]), resolved);
  } finally {
    // If one thread fails, the others stop.
    stop.abort();
    signal?.removeEventListener('abort', abort);
  }
}

/** Resolves if these are the counts of the whole file: there is then no need to wait for threads that just started. */
function ifWhole(counting: Promise<RangeCounts>): Promise<readonly RangeCounts[]> {
  return new Promise((resolve, reject) => {
    counting.then((counts) => counts.isWhole && resolve([counts]), reject);
  });
}

/** Counts ranges in this thread. After each one, the event loop has a turn. */
async function countRangesHere(
  task: RangesTask,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<RangeCounts> {
  const counting = countRanges(task);
  try {
    for (;;) {
      const { done, value } = counting.next();
      if (done) return value;
      onBytes(value);
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    }
  } finally {
    // Closes the file.
    counting.return(undefined as never);
  }
}
