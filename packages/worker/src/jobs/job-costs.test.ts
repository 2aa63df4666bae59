import type { JobCost } from '@org/wordfreq-aws-adapters/ports';
import { addCost, NO_COST } from '@org/wordfreq-aws-adapters/rules';
import { describe, expect, it } from 'vitest';
import { createJobCosts, type JobCosts, type RequestCounter } from './job-costs.ts';

/** An account over a processor whose time the test sets. */
function setUp(): { costs: JobCosts & RequestCounter; work: (ms: number) => void } {
  let ms = 1000;
  const costs = createJobCosts(() => ms);
  const work = (more: number): void => {
    ms += more;
  };
  return { costs, work };
}

const sum = (costs: readonly (JobCost | undefined)[]): JobCost =>
  costs.reduce<JobCost>((total, cost = NO_COST) => addCost(total, cost), NO_COST);

describe(createJobCosts, () => {
  it('charges a job that runs alone for all that it causes, and for what followed the previous job', async () => {
    const { costs, work } = setUp();
    const lone = (): Promise<JobCost | undefined> => {
      costs.shared('queueRequests');
      return costs.during({}, async () => {
        costs.own('s3Reads');
        work(3);
        const cost = costs.take();
        costs.own('tableWrites');
        for (const _ of ['the message', 'its deletion']) costs.shared('queueRequests');
        work(1);
        return cost;
      });
    };
    work(500);
    const first = { ...NO_COST, s3Reads: 1, queueRequests: 1, tableWrites: 1, processorMs: 3 };
    expect(await lone()).toEqual(first);
    work(500);
    expect(await lone()).toEqual({ ...first, queueRequests: 3, processorMs: 4 });
  });

  it('adds up to what all jobs did, however they overlap', async () => {
    const { costs, work } = setUp();
    const taken: (JobCost | undefined)[] = [];
    const job = (sizeBytes: number): Promise<void> =>
      costs.during({ sizeBytes }, async () => {
        costs.own('s3Reads');
        await Promise.resolve();
        work(2);
        taken.push(costs.take());
        costs.own('tableWrites');
        await Promise.resolve();
        costs.shared('queueRequests');
      });
    for (let batch = 0; batch < 20; batch += 1) {
      costs.shared('queueRequests');
      await Promise.all([job(1000), job(1000), job(5e6), job(1000)]);
    }
    const total = sum(taken);
    expect(taken).toHaveLength(80);
    expect(total).toMatchObject({ s3Reads: 80, tableWrites: 80 });
    // All but the four messages of the last batch.
    expect(total.queueRequests).toBeCloseTo(20 + 80 - 4, 6);
    expect(total.processorMs).toBeCloseTo(160, 6);
  });

  it('divides processor time by the sizes of texts, and requests equally', async () => {
    const { costs, work } = setUp();
    costs.shared('queueRequests');
    const [small, large] = await Promise.all(
      [1, 64 * 1024 * 15 + 1].map((sizeBytes) =>
        costs.during({ sizeBytes }, async () => {
          await Promise.resolve();
          work(8.5);
          await Promise.resolve();
          return costs.take();
        }),
      ),
    );
    expect([small?.queueRequests, large?.queueRequests]).toEqual([0.5, 0.5]);
    expect(small?.processorMs).toBeCloseTo(1, 2);
    expect(large?.processorMs).toBeCloseTo(16, 2);
  });

  it('lets later records pay for a job whose record was there already', async () => {
    const { costs } = setUp();
    await costs.during({}, async () => {
      costs.own('s3Reads');
      costs.take();
      costs.own('tableWrites');
      costs.giveBack();
    });
    const next = await costs.during({}, async () => costs.take());
    expect(next).toEqual({ ...NO_COST, s3Reads: 1, tableWrites: 2 });
  });

  it('counts nothing outside of jobs', async () => {
    const { costs } = setUp();
    costs.own('tableReads');
    expect(costs.take()).toBeUndefined();
    expect(await costs.during({}, async () => costs.take())).toEqual({ ...NO_COST, tableWrites: 1 });
  });
});
