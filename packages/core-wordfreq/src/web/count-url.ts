import { type CountWordsOptions, countWords } from '../count-words.ts';
import { invalidOption, WordfreqError } from '../errors.ts';
import { requireObject } from '../options.ts';
import type { WebStreamLike } from '../text-source.ts';
import type { WordCounts } from '../word-counts.ts';

/** Options of {@link countUrl}. */
export interface CountUrlOptions extends CountWordsOptions {
  /** Replaces the platform's `fetch`, for headers or tests. */
  readonly fetch?: (
    url: string,
    init: { readonly signal: AbortSignal | null },
  ) => Promise<{ readonly ok: boolean; readonly status: number; readonly body: unknown }>;
}

/**
 * Counts the text at a URL while it is being fetched.
 *
 * @throws WordfreqError `invalid-option`, `invalid-source` for a status other than 2xx; what `fetch` throws
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
      `Source ${url}: expected a successful response, got HTTP ${response.status}.`,
    );
  }
  return countWords((response.body ?? '') as WebStreamLike | '', counting);
}
