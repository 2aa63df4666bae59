import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { createReceiveLimit } from './receive-limit.ts';

const answered = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe(createReceiveLimit, () => {
  it('asks the queue at once, and again only after a while', async () => {
    const clock = createManualClock();
    let asked = 0;
    const queue = {
      maxReceives: async () => {
        asked += 1;
        return asked * 10;
      },
    };
    const maxReceives = createReceiveLimit({ queue, clock, onProblem: () => undefined });
    await answered();
    expect([maxReceives(), maxReceives(), asked]).toEqual([10, 10, 1]);
    await clock.advance(600_000);
    maxReceives();
    await answered();
    expect([maxReceives(), asked]).toEqual([20, 2]);
  });

  it('works without an answer, says so, and asks again later', async () => {
    const clock = createManualClock();
    const problems: string[] = [];
    let allowed = false;
    const queue = {
      maxReceives: async () => {
        if (!allowed) throw new Error('HTTP 403');
        return 5;
      },
    };
    const maxReceives = createReceiveLimit({ queue, clock, onProblem: (problem) => problems.push(problem) });
    await answered();
    expect(maxReceives()).toBeUndefined();
    expect(problems).toEqual(['How often the queue hands a message out is not known: HTTP 403']);
    allowed = true;
    await clock.advance(600_000);
    maxReceives();
    await answered();
    expect(maxReceives()).toBe(5);
  });
});
