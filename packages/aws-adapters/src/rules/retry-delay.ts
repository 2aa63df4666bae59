/**
 * How long to wait after this many failures in a row, in the unit of `first`: the first delay, doubled by
 * each further failure, up to the longest.
 */
export function retryDelay(
  failures: number,
  first: number,
  longest: number = Number.POSITIVE_INFINITY,
): number {
  return Math.min(longest, first * 2 ** (failures - 1));
}
