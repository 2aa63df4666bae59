/** How long to wait after this many failures in a row: the first delay, doubled by each further failure. */
export function retryDelayMs(failures: number, firstMs: number): number {
  return firstMs * 2 ** (failures - 1);
}
