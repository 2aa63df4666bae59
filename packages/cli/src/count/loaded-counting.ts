import * as counting from './count-texts.ts';

/** Takes the place of `load-counting.ts` where counting is in the same file, so that Node keeps it compiled. */
export async function loadCounting(): Promise<typeof counting> {
  return counting;
}
