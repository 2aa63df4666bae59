import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type BacklogScalingOptions, QueueWorkerService, WorkerImage } from '../src/index.ts';
import { evaluate } from './support/metric-math.ts';
import { type Synthesized, synthesize } from './support/synthesize.ts';
import { type MetricQuery, synthesizeScaling } from './support/synthesized-scaling.ts';

const page = readFileSync(new URL('../docs/scaling.md', import.meta.url), 'utf8');

/** What CloudWatch computes of one minute, by the expression in the template. */
function computed({ expression }: MetricQuery, minute: Readonly<Record<string, number>>): number | undefined {
  const nothing = { inflight: 0, received: 0, empty: 0 };
  const series = Object.entries({ ...nothing, ...minute }).map(
    ([id, value]) => [id, new Map([[0, value]])] as const,
  );
  return evaluate(expression, { times: [0], series: Object.fromEntries(series) }).get(0);
}

function workPerTask(
  options: BacklogScalingOptions,
  { visible, inflight, running }: { visible: number; inflight: number; running: number },
): number {
  return computed(synthesizeScaling(options).tracking, { visible, inflight, running }) ?? Number.NaN;
}

function workers(): Synthesized {
  return synthesize((stack) => {
    const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
    new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image });
  });
}

const seconds = (jobs: number): BacklogScalingOptions => ({
  jobDuration: Duration.seconds(jobs),
  drainTarget: Duration.seconds(300),
});

describe('the worked examples of docs/scaling.md', () => {
  it.each<[row: string, scaling: BacklogScalingOptions, visible: number, inflight: number, needed: number]>([
    ['120 × 15 ÷ 300 = 6 tasks', seconds(15), 120, 0, 6],
    ['1.5: 2 tasks', { ...seconds(15), concurrency: 4 }, 120, 0, 1.5],
    ['100: 50 tasks', { ...seconds(3), maxTasks: 50 }, 10_000, 0, 100],
    ['5 tasks: nothing is scaled in', seconds(7200), 0, 5, 5],
    ['0 tasks', seconds(15), 0, 0, 0],
  ])('are what the template computes: %s', (row, scaling, visible, inflight, needed) => {
    expect(page).toContain(row);
    for (const running of [1, 2, 7]) {
      expect(workPerTask(scaling, { visible, inflight, running }) * running).toBeCloseTo(needed, 6);
    }
    // With no task the divisor is 1, not 0; if work is in flight, only the number of tasks is late, and the
    // minute does not count.
    const without = workPerTask(scaling, { visible, inflight, running: 0 });
    if (inflight > 0) expect(without).toBeNaN();
    else expect(without).toBeCloseTo(needed, 6);
  });
});

describe('the tables of docs/scaling.md', () => {
  it.each([
    [0, 1, 6],
    [3, 3, 2],
    [6, 6, 1],
    [12, 12, 0.5],
  ])('divide as the template does, with %i tasks', (running, divisor, metric) => {
    const row = `${running} + ${divisor - running} = ${divisor} | 6 ÷ ${divisor} = ${metric} |`;
    expect(page).toContain(row);
    expect(workPerTask(seconds(15), { visible: 120, inflight: 0, running })).toBeCloseTo(metric, 6);
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [1, 1, 0],
  ])('wake as the template does: %i messages, %i tasks', (visible, running, wakes) => {
    expect(page).toContain(`| ${visible} | ${running} | ${wakes} |`);
    expect(computed(synthesizeScaling().wakeUp, { visible, running })).toBe(wakes);
  });

  it('share tasks out as the template asks for', () => {
    const service = [...workers().resources.values()].find(({ Type }) => Type === 'AWS::ECS::Service');
    const [onDemand, spot] = (service?.Properties?.['CapacityProviderStrategy'] ?? []) as {
      readonly Base?: number;
      readonly Weight: number;
    }[];
    const [base = 0, weight = 0] = [onDemand?.Base, onDemand?.Weight];
    const share = base + ((11 - base) * weight) / (weight + (spot?.Weight ?? 0));
    expect(page).toContain(`with 11 tasks 1 + 10 × 1 ÷ 5 = ${share} on demand, ${11 - share} on Spot`);
  });
});
