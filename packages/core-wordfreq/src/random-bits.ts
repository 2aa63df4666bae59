/** 32 bits that nobody can guess. */
export function randomBits(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
