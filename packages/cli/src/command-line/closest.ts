import { distance } from 'fastest-levenshtein';

/** A name may differ from what was typed in every other letter. */
const TOLERANCE = 0.5;

/** The name that was perhaps meant. */
export function closest(typed: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Math.floor(typed.length * TOLERANCE) + 1;
  for (const name of names) {
    const far = distance(typed, name);
    if (far >= least) continue;
    best = name;
    least = far;
  }
  return best;
}
