/** A measurement after so many jobs. */
interface Point {
  readonly jobs: number;
  readonly value: number;
}

/**
 * How much a value grows per job: the median of the slopes between all pairs of points (the Theil–Sen
 * estimator). A third of the points may be anything (a collection that came late, a buffer that was just
 * allocated) without moving it much, a leak moves every pair. What a program takes while it warms up is not
 * growth: leave the first points out.
 */
export function growthPerJob(points: readonly Point[]): number {
  const slopes = points.flatMap((a, index) =>
    points.slice(index + 1).map((b) => (b.value - a.value) / (b.jobs - a.jobs)),
  );
  if (slopes.length === 0) throw new Error(`Expected at least two points, got ${points.length}.`);
  slopes.sort((a, b) => a - b);
  const middle = slopes.length >> 1;
  const [lower = 0, upper = 0] = [slopes[middle - 1 + (slopes.length % 2)], slopes[middle]];
  return (lower + upper) / 2;
}
