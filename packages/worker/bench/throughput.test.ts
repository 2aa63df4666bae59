import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SOURCE_PROGRAM } from '../test/support/worker-process.ts';
import { measureRun, type RunMeasurement } from './measure-run.ts';
import { report, tooLarge } from './report.ts';

const SAMPLE: RunMeasurement = {
  files: 500,
  bytes: 5000,
  concurrency: 16,
  countingThreads: 1,
  program: 'main.js',
  wallSeconds: 2,
  filesPerSecond: 250,
  megabytesPerSecond: 1.25,
  mainSeconds: 1.5,
  countingSeconds: 0.25,
  otherSeconds: 0.1,
  emulatorSeconds: 1.75,
  peakResidentBytes: 150 * 2 ** 20,
  words: 42,
};

describe(measureRun, () => {
  // The accounts of threads are in /proc, which only Linux has.
  it.runIf(existsSync('/proc/self/task'))(
    'counts what it measures, and tells the threads apart (it needs Linux: /proc)',
    async () => {
      const options = {
        files: 3,
        bytes: 400_000,
        concurrency: 4,
        countingThreads: 1,
        program: SOURCE_PROGRAM,
      };
      const run = await measureRun(options);
      expect(run.words).toBe(3 * wordsOf(400_000));
      expect(run.filesPerSecond).toBeCloseTo(3 / run.wallSeconds, 6);
      expect(run.countingSeconds + run.mainSeconds).toBeGreaterThan(0);
      expect(run.emulatorSeconds).toBeGreaterThan(0);
      expect(run.peakResidentBytes).toBeGreaterThan(20 * 2 ** 20);
    },
    120_000,
  );
});

function wordsOf(bytes: number): number {
  const phrase =
    'It is a truth universally acknowledged, that a single man in possession of a good fortune, ';
  return phrase
    .repeat(bytes / phrase.length + 1)
    .slice(0, bytes)
    .trim()
    .split(' ').length;
}

describe(report, () => {
  it('has a row for each run', () => {
    expect(report('2026-01-01', 'A machine.', [SAMPLE]).split('\n').at(-2)).toBe(
      '| 500 | 5,000 | 16 | 1 | 2.00 | 250.0 | 1.3 | 1.50 | 0.25 | 0.10 | 1.75 | 150 |',
    );
  });
});

describe(tooLarge, () => {
  it.each([256 * 2 ** 20, Number.NaN])('finds a worker with %d bytes resident', (peakResidentBytes) => {
    const large = { ...SAMPLE, peakResidentBytes };
    expect(tooLarge([SAMPLE, large])).toEqual([large]);
  });
});
