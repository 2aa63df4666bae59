import { describe, expect, it } from 'vitest';
import { RecentJobs } from './recent-jobs.ts';

const done = async (): Promise<{ isDone: boolean; wasDone?: boolean }> => ({ isDone: true });

describe(RecentJobs, () => {
  it('does a job once while equal ones wait, and lets them know that it was done', async () => {
    const jobs = new RecentJobs();
    let first = true;
    const results = await Promise.all(
      Array.from({ length: 5 }, () =>
        jobs.run('a', async (wasDone) => {
          expect(wasDone).toBe(!first);
          await new Promise((resolve) => setImmediate(resolve));
          first = false;
          return { isDone: true, wasDone };
        }),
      ),
    );
    expect(results.map(({ wasDone }) => wasDone)).toEqual([false, true, true, true, true]);
  });

  it('does other jobs at the same time', async () => {
    const jobs = new RecentJobs();
    let finish: () => void = () => undefined;
    const slow = jobs.run('slow', () => new Promise<void>((resolve) => (finish = resolve)).then(done));
    await expect(jobs.run('other', done)).resolves.toEqual({ isDone: true });
    finish();
    await slow;
  });

  it('does a job again that failed or was not done', async () => {
    const jobs = new RecentJobs();
    const lost = new Error('lost');
    await expect(jobs.run('a', () => Promise.reject(lost))).rejects.toBe(lost);
    await jobs.run('a', async () => ({ isDone: false }));
    expect(await jobs.run('a', async (wasDone) => ({ isDone: true, wasDone }))).toEqual({
      isDone: true,
      wasDone: false,
    });
  });

  it('remembers the last ten thousand', async () => {
    const jobs = new RecentJobs();
    for (let job = 0; job <= 10_000; job += 1) await jobs.run(String(job), done);
    const wasDone = async (jobId: string): Promise<unknown> =>
      (await jobs.run(jobId, async (known) => ({ isDone: false, known }))).known;
    expect([await wasDone('0'), await wasDone('1'), await wasDone('10000')]).toEqual([false, true, true]);
  });
});
