import type * as counting from './count-texts.ts';

/** Loads what `wordfreq count` is made of. In the file for `wordfreq count` it is there already; see `loaded-counting.ts`. */
export function loadCounting(): Promise<typeof counting> {
  return import('./count-texts.ts');
}
