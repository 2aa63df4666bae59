import type { Warnings } from '../warnings.ts';

/** Warns of each NUL in a chunk that starts `base` bytes into the text. */
export function warnOfZeros(chunk: Uint8Array, base: number, warnings: Warnings): void {
  for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) warnings.add('nul', base + at);
}
