import { TextChunks } from './charset/text-chunks.ts';
import { WordCounter } from './counter.ts';
import { invalidOption } from './errors.ts';
import { requireObject, type WordCounterOptions } from './options.ts';
import { invalidSource, readSource, type TextSource } from './text-source.ts';
import type { WordCounts } from './word-counts.ts';

/** Options of {@link countWords}. */
export interface CountWordsOptions extends WordCounterOptions {
  /** Ends the count with the signal's reason, and closes the source, even if it has stalled. */
  readonly signal?: AbortSignal;
  /** Called after each chunk with the number of bytes so far. */
  readonly onProgress?: (progress: { readonly bytes: number }) => void;
}

/**
 * Counts the words of a whole source. Chunks follow each other without anything between; for lines without line
 * ends, as `readline` gives them, there is {@link withLineEnds}.
 *
 * @throws WordfreqError `invalid-option`, `invalid-source`, `too-many-distinct-words`, `engine-unavailable`;
 * the signal's reason; what the source throws
 * @example
 * const counts = await countWords('To be, or not to be');
 * counts.top(1); // [{ word: 'be', count: 2 }]
 * @example
 * await countWords(createReadStream('book.txt'), { tokenizer: 'whitespace' });
 * @example
 * await countWords(fetch('https://example.com/book.txt'), { signal: AbortSignal.timeout(10_000) });
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
  for await (const chunk of readSource(source, signal)) {
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
