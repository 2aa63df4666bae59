import { type CountWordsOptions, countWords, type WebStreamLike } from '../count-words.ts';
import { invalidOption, WordfreqError } from '../errors.ts';
import { requireObject } from '../options.ts';
import type { WordCounts } from '../word-counts.ts';

/** How to count what a URL has. */
export interface CountUrlOptions extends CountWordsOptions {
  /** Takes the place of the platform's `fetch`, for headers or tests. */
  readonly fetch?: (
    url: string,
    init: { readonly signal: AbortSignal | null },
  ) => Promise<{ readonly ok: boolean; readonly status: number; readonly body: unknown }>;
}

/**
 * Counts a text while it is being fetched.
 *
 * @throws WordfreqError `invalid-option`, `invalid-source` where the answer is no success; what `fetch` throws
 * @example
 * const counts = await countUrl('/book.txt', { onProgress: ({ bytes }) => (bar.value = bytes) });
 */
export async function countUrl(url: string, options: CountUrlOptions = {}): Promise<WordCounts> {
  requireObject(options);
  const { fetch: fetcher = fetch, ...counting } = options;
  if (typeof fetcher !== 'function') throw invalidOption('fetch', 'a function', typeof fetcher);
  const response = await fetcher(url, { signal: counting.signal ?? null });
  if (!response.ok) {
    throw new WordfreqError(
      'invalid-source',
      `Source ${url}: expected a success, got HTTP ${response.status}.`,
    );
  }
  return countWords((response.body ?? '') as WebStreamLike | '', counting);
}
