/** Returns 32 random bits from a secure source. */
export function randomBits(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] as number;
}
