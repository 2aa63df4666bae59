import type { Warnings } from '../warnings.ts';

/** Warns of the NULs in a chunk that starts `base` bytes into the text. */
export function warnOfZeros(chunk: Uint8Array, base: number, warnings: Warnings): void {
  const first = chunk.indexOf(0);
  if (first < 0) return;
  // Some texts have many, and a call for each of them would take longer than to count the words.
  let count = 0;
  for (let at = first; at < chunk.length; at += 1) if (chunk[at] === 0) count += 1;
  warnings.add('nul', base + first, count);
}
