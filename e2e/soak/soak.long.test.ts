import { describe, expect, it } from 'vitest';
import { runSoak, type SoakReport } from './run-soak.ts';

/** `SOAK_JOBS=20000` soaks for real: some minutes. */
const JOBS = Number(process.env['SOAK_JOBS'] ?? 1500);

/**
 * What may stay of each job at rest, on the median of all pairs of measurements: less than the smallest thing
 * that a program could keep by mistake (an entry of a map, a listener) in a long run; in a short one, code
 * that is still being compiled weighs more than that.
 */
const MAX_HEAP_BYTES_PER_JOB = JOBS >= 20_000 ? 64 : 1024;
/** A leaked socket or timer in a hundred jobs is too many. */
const MAX_HANDLES_PER_JOB = 0.01;
/** Allocators keep pages; but what keeps growing at this rate for a million jobs ends at a gigabyte. */
const MAX_RESIDENT_BYTES_PER_JOB = JOBS >= 20_000 ? 1024 : 65_536;

function describeSoak(name: string, { growthPerJob, measurements }: SoakReport): string {
  const last = measurements.at(-1);
  const megabytes = (bytes = 0): string => `${(bytes / 1e6).toFixed(1)} MB`;
  return (
    `${name}: ${growthPerJob.heapBytes.toFixed(0)} bytes of heap, ${growthPerJob.residentBytes.toFixed(0)} resident and ` +
    `${growthPerJob.handles.toFixed(4)} handles more per job; at the end ${megabytes(last?.heapBytes)} of heap, ` +
    `${megabytes(last?.residentBytes)} resident, ${last?.handles} handles\n`
  );
}

describe('the worker', () => {
  it(`keeps nothing of ${JOBS} jobs`, async () => {
    const report = await runSoak({ jobs: JOBS, measurements: 15 });
    process.stdout.write(describeSoak(`${JOBS} jobs`, report));
    expect([...report.outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(JOBS);
    expect([...report.outcomes.keys()].sort()).toEqual([
      'counted',
      'empty',
      'failed:not-text',
      'skipped:suffix',
    ]);
    expect(report.growthPerJob.heapBytes, JSON.stringify(report)).toBeLessThan(MAX_HEAP_BYTES_PER_JOB);
    expect(report.growthPerJob.handles, JSON.stringify(report)).toBeLessThan(MAX_HANDLES_PER_JOB);
    expect(report.growthPerJob.residentBytes, JSON.stringify(report)).toBeLessThan(
      MAX_RESIDENT_BYTES_PER_JOB,
    );
  }, 1_800_000);

  it('would be noticed if it kept the headers of every request', async () => {
    const report = await runSoak({ jobs: 600, measurements: 12, leaking: true });
    process.stdout.write(describeSoak('600 jobs, leaking', report));
    expect(report.growthPerJob.heapBytes, JSON.stringify(report)).toBeGreaterThan(
      1.5 * MAX_HEAP_BYTES_PER_JOB,
    );
  }, 300_000);
});
