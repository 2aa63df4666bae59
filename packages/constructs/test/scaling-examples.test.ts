import { readFileSync } from 'node:fs';
import { Duration } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type BacklogScalingOptions, QueueWorkerService, WorkerImage } from '../src/index.ts';
import { synthesize } from './support/synthesize.ts';

const page = readFileSync(new URL('../docs/scaling.md', import.meta.url), 'utf8');

/** What CloudWatch would compute, by the expression in the template and numbers for its metrics. */
function workPerTask(
  scaling: BacklogScalingOptions,
  { visible, inflight, running }: { visible: number; inflight: number; running: number },
): number {
  const { resources } = synthesize((stack) => {
    const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
    new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image, scaling });
  });
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
