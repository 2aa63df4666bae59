import { TextChunks } from './charset/text-chunks.ts';
import { WordCounter } from './counter.ts';
import { invalidOption, WordfreqError } from './errors.ts';
import { requireObject, type WordCounterOptions } from './options.ts';
import type { WordCounts } from './word-counts.ts';

/** A chunk of a text: bytes or characters. */
export type TextChunk = Uint8Array | ArrayBuffer | string;

/** The part of a web stream that is used. */
export interface WebStreamLike {
  /** Returns a reader of the stream, as the web standard defines it. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: TextChunk | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** The part of a Blob or File that is used. */
export interface BlobLike {
  /** Returns the bytes as a stream. */
  stream(): WebStreamLike;
}

/** What can be counted. Node streams and arrays of chunks are iterables. */
export type TextSource =
  | TextChunk
  | Iterable<TextChunk>
  | AsyncIterable<TextChunk>
  | WebStreamLike
  | BlobLike;

/** Options of {@link countWords}. */
export interface CountWordsOptions extends WordCounterOptions {
  /** Ends the count with the signal's reason, and closes the source. */
  readonly signal?: AbortSignal;
  /** Called after each chunk with the number of bytes so far. */
  readonly onProgress?: (progress: { readonly bytes: number }) => void;
}

/**
 * Counts the words of a whole source.
 *
 * @throws WordfreqError `invalid-option`, `invalid-source`, `too-many-distinct-words`, `engine-unavailable`;
 * the signal's reason; what the source throws
 * @example
 * const counts = await countWords('To be, or not to be');
 * counts.top(1); // [{ word: 'be', count: 2 }]
 * @example
 * await countWords(createReadStream('book.txt'), { tokenizer: 'whitespace' });
 * @example
 * await countWords((await fetch('book.txt')).body, { signal: AbortSignal.timeout(10_000) });
 */
export async function countWords(source: TextSource, options: CountWordsOptions = {}): Promise<WordCounts> {
  requireReporting(options);
  const { signal, onProgress, ...counting } = options;
  const counter = new WordCounter(counting);
  const text = new TextChunks();
  let bytes = 0;
  const push = (chunk: Uint8Array): void => {
    counter.push(chunk);
    bytes += chunk.length;
    onProgress?.({ bytes });
  };
  signal?.throwIfAborted();
  for await (const chunk of chunksOf(source)) {
    signal?.throwIfAborted();
    for (const piece of typeof chunk === 'string' ? text.encode(chunk) : bytesOf(chunk, text)) push(piece);
  }
  signal?.throwIfAborted();
  for (const piece of text.finish()) push(piece);
  return counter.finish();
}

function requireReporting(options: CountWordsOptions): void {
  requireObject(options);
  const { signal, onProgress } = options;
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function') {
    throw invalidOption('signal', 'an AbortSignal', typeof signal);
  }
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw invalidOption('onProgress', 'a function', typeof onProgress);
  }
}

function* bytesOf(chunk: unknown, text: TextChunks): Iterable<Uint8Array> {
  yield* text.finish();
  if (chunk instanceof Uint8Array) yield chunk;
  else if (chunk instanceof ArrayBuffer) yield new Uint8Array(chunk);
  else throw invalidSource('chunks of Uint8Array, ArrayBuffer or string', chunk);
}

function chunksOf(source: TextSource): Iterable<TextChunk> | AsyncIterable<TextChunk> {
  if (typeof source === 'string' || source instanceof Uint8Array || source instanceof ArrayBuffer)
    return [source];
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return source;
    if ('stream' in source && typeof source.stream === 'function') return readWebStream(source.stream());
    if ('getReader' in source && typeof source.getReader === 'function') return readWebStream(source);
  }
  throw invalidSource('text, bytes, a stream, an iterable of chunks or a Blob', source);
}

/** Not every browser can iterate web streams. */
async function* readWebStream(stream: WebStreamLike): AsyncIterable<TextChunk> {
  const reader = stream.getReader();
  let isOver = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isOver = done;
      if (done) return;
      if (value !== undefined) yield value;
    }
  } finally {
    if (!isOver) await reader.cancel();
    reader.releaseLock();
  }
}

function invalidSource(expected: string, got: unknown): WordfreqError {
  const type = got === null ? 'null' : typeof got;
  return new WordfreqError('invalid-source', `Source: expected ${expected}, got ${type}. Convert it first.`);
}
