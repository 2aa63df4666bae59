import { createManualClock, createMemoryResultStore } from '@org/wordfreq-aws-adapters/memory';
import type { JobResult } from '@org/wordfreq-aws-adapters/ports';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { describe, expect, it } from 'vitest';
import { reportResults } from './watch-pipeline.ts';

function setUp() {
  const clock = createManualClock();
  let isDown = false;
  const results = createMemoryResultStore({
    clock,
    hooks: {
      before() {
        if (isDown) throw new Error('down');
      },
    },
  });
  const shown: string[] = [];
  const problems: unknown[] = [];
  const finish = async (key: string): Promise<JobResult> => {
    const object = { bucket: 'b', key, eTag: key };
    const result = sampleResult({ jobId: key, object, finishedAt: clock.now() });
    await results.save(result);
    await clock.advance(1);
    return result;
  };
  const start = () =>
    reportResults({
      results,
      since: clock.now(),
      clock,
      onResult: ({ object }) => shown.push(object.key),
      onProblem: (problem) => problems.push(problem),
    });
  const setDown = (down: boolean): void => {
    isDown = down;
  };
  return { clock, shown, problems, finish, start, setDown };
}

describe(reportResults, () => {
  it('reports what comes before, while and after others are reported elsewhere, but nothing twice', async () => {
    const { clock, shown, finish, start } = setUp();
    await finish('earlier run');
    const since = clock.now();
    const reporter = start();
    expect(since).toEqual(clock.now());
    const sample = await finish('sample');
    await finish('beside the samples');
    await clock.advance(5000);
    await finish('while the samples are printed');
    expect(shown).toEqual([]);
    reporter.begin([sample]);
    await clock.advance(5000);
    await finish('live');
    await clock.advance(5000);
    await finish('while stopping');
    await reporter.end();
    expect(shown).toEqual(['beside the samples', 'while the samples are printed', 'live', 'while stopping']);
  });

  it('loses nothing while results cannot be read, which it reports once', async () => {
    const { clock, shown, problems, finish, start, setDown } = setUp();
    const reporter = start();
    reporter.begin([]);
    await clock.advance(5000);
    await finish('a');
    setDown(true);
    await clock.advance(60_000);
    setDown(false);
    await finish('b');
    await clock.advance(5000);
    await reporter.end();
    expect([shown, problems.length]).toEqual([['a', 'b'], 1]);
  });
});
