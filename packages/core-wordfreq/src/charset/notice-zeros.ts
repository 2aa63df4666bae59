import type { Warnings } from '../warnings.ts';

/** Notes each NUL of a chunk that begins `base` bytes into the text. */
export function noticeZeros(chunk: Uint8Array, base: number, warnings: Warnings): void {
  for (let at = chunk.indexOf(0); at >= 0; at = chunk.indexOf(0, at + 1)) warnings.add('nul', base + at);
}
