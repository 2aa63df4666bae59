import * as stopword from 'stopword';

/** Words that say little, by language (ISO 639-3). Loaded when words of a list are left out. */
export const LISTS_BY_LANGUAGE: Readonly<Record<string, unknown>> = { ...stopword };
