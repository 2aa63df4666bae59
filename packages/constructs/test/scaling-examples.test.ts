import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type BacklogScalingOptions, QueueWorkerService, WorkerImage } from '../src/index.ts';
import { type Synthesized, synthesize } from './support/synthesize.ts';

const page = readFileSync(new URL('../docs/scaling.md', import.meta.url), 'utf8');

function workers(scaling: BacklogScalingOptions): Synthesized {
  return synthesize((stack) => {
    const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
    new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image, scaling });
  });
}

/** What CloudWatch would compute, by the expression in the template and numbers for its metrics. */
function workPerTask(
  scaling: BacklogScalingOptions,
  { visible, inflight, running }: { visible: number; inflight: number; running: number },
): number {
  const { resources } = workers(scaling);
  const [, text] = /"Expression":"([^"]+)"/.exec(JSON.stringify([...resources.values()].map(tracking))) ?? [];
  const formula = (text ?? '')
    .replaceAll('FILL(running, REPEAT)', 'running')
    .replaceAll(/\((\w+) < TIME_SERIES\(1\)\)/g, '($1 < 1 ? 1 : 0)');
  return Number(
    new Function('visible', 'inflight', 'running', `return ${formula}`)(visible, inflight, running),
  );
}

function tracking({ Properties }: { Properties?: Readonly<Record<string, unknown>> }): unknown {
  return Properties?.['PolicyType'] === 'TargetTrackingScaling' ? Properties : undefined;
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
    // With no task the divisor is 1, not 0.
    expect(workPerTask(scaling, { visible, inflight, running: 0 })).toBeCloseTo(needed, 6);
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
    const { resources } = workers({});
    const alarm = [...resources].find(([id]) => id.includes('WakeUp'))?.[1];
    const [, text = ''] = /"Expression":"([^"]+)"/.exec(JSON.stringify(alarm)) ?? [];
    const formula = text.replace('AND', '&&').replace('TIME_SERIES(1)', '1');
    const fires = new Function('visible', 'running', `return Number(${formula})`)(visible, running);
    expect(fires).toBe(wakes);
  });

  it('share tasks out as the template asks for', () => {
    const service = [...workers({}).resources.values()].find(({ Type }) => Type === 'AWS::ECS::Service');
    const [onDemand, spot] = (service?.Properties?.['CapacityProviderStrategy'] ?? []) as {
      readonly Base?: number;
      readonly Weight: number;
    }[];
    const [base = 0, weight = 0] = [onDemand?.Base, onDemand?.Weight];
    const share = base + ((11 - base) * weight) / (weight + (spot?.Weight ?? 0));
    expect(page).toContain(`with 11 tasks 1 + 10 × 1 ÷ 5 = ${share} on demand, ${11 - share} on Spot`);
  });
});
