import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../packages/worker/test/support/seeded-random.ts';
import { growthPerJob } from './growth.ts';

const points = (valueAt: (jobs: number) => number) =>
  Array.from({ length: 20 }, (_, index) => ({ jobs: index * 100, value: valueAt(index * 100) }));

describe(growthPerJob, () => {
  it('is the slope of a line', () => {
    expect(growthPerJob(points((jobs) => 7 + 3 * jobs))).toBe(3);
    expect(growthPerJob(points(() => 7))).toBe(0);
    expect(
      growthPerJob([
        { jobs: 0, value: 0 },
        { jobs: 10, value: 5 },
      ]),
    ).toBe(0.5);
  });

  it('is hardly moved by single measurements that are far off', () => {
    const spikes = new Map([
      [300, 1e6],
      [1100, -1e6],
      [1900, 1e6],
    ]);
    expect(growthPerJob(points((jobs) => spikes.get(jobs) ?? 50))).toBe(0);
  });

  it('finds a leak of a tenth of the noise', () => {
    const random = seededRandom(7);
    const leaking = growthPerJob(points((jobs) => jobs * 100 + random() * 20_000));
    expect(leaking).toBeGreaterThan(90);
    expect(leaking).toBeLessThan(110);
  });

  it('needs two points', () => {
    expect(() => growthPerJob([{ jobs: 1, value: 1 }])).toThrow('at least two');
  });
});
