import type { StoredResult } from '../ports/index.ts';
import { escapeText } from './escape-text.ts';

/** How many records a search finds at once, unless it is asked for another number. */
export const DEFAULT_SEARCH_LIMIT = 25;

/**
 * Whether a search finds a record: its key, as it is or as it is shown, its outcome or one of its kept words
 * contains the text, in any case.
 */
export function recordMatches({ object, outcome, words }: StoredResult, text: string): boolean {
  const wanted = text.toLowerCase();
  const has = (value: string): boolean => value.toLowerCase().includes(wanted);
  return (
    has(object.key) || has(escapeText(object.key)) || has(outcome) || words.some(({ word }) => has(word))
  );
}

/** What is wrong with a cursor that no search has returned, as a sentence. */
export function searchCursorProblem(cursor: string): string {
  return `Expected the cursor of an earlier page of this search, got ${JSON.stringify(cursor.slice(0, 100))}.`;
}
