import { describe, expect, it } from 'vitest';
import { refuseDifferences, type WorkerMeasurement } from './compare-with-go.ts';
import { reportComparison } from './report-comparison.ts';

const texts = (): string[][] => Array.from({ length: 40 }, () => ['the 3', 'of 2']);

describe(refuseDifferences, () => {
  it('accepts the same words', () => {
    expect(() => refuseDifferences(texts(), texts())).not.toThrow();
  });

  it.each([
    ['another count', ['the 3', 'of 1'], 'Ours recorded of 2 and the Go worker of 1 as word 2 of text 8.'],
    ['a word less', ['the 3'], 'Ours recorded of 2 and the Go worker undefined as word 2 of text 8.'],
    [
      'a word more',
      ['the 3', 'of 2', 'a 1'],
      'Ours recorded undefined and the Go worker a 1 as word 3 of text 8.',
    ],
  ])('names the first text with %s', (_, words, message) => {
    const peers = texts();
    peers[7] = words;
    expect(() => refuseDifferences(texts(), peers)).toThrow(message);
  });

  it('refuses to compare when a record is missing', () => {
    expect(() => refuseDifferences(texts(), texts().slice(1))).toThrow('40 of ours and 39 of the Go worker');
  });
});

describe(reportComparison, () => {
  it('has a row for each run, and the ratios', () => {
    const go: WorkerMeasurement = {
      worker: 'go',
      latency: 'none',
      concurrency: 8,
      filesPerSecond: 400,
      cpuMsPerFile: 1,
      peakResidentBytes: 20 * 2 ** 20,
      requestsPerFile: { 'GET object': 1, ReceiveMessage: 0.1 },
    };
    const ours: WorkerMeasurement = { ...go, worker: 'wordfreq', filesPerSecond: 300, cpuMsPerFile: 2.5 };
    const page = reportComparison([ours, go], 5000);
    expect(page).toContain(
      '| none | 8 | go | 1.00 | 400 | 20 | 1.10: GET object 1.00, ReceiveMessage 0.10 |',
    );
    expect(page).toContain('| none | 8 | 2.50 | 0.75 |');
  });
});
