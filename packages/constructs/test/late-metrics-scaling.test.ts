import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { WordFreqPipeline, WorkerImage } from '../src/index.ts';
import type { AlarmRule } from './support/alarm-evaluation.ts';
import { LateMetrics } from './support/late-metrics.ts';
import { type Life, live, type Situation } from './support/scaled-service.ts';
import { synthesize } from './support/synthesize.ts';
import {
  ARRIVALS,
  type MetricQuery,
  readMetricQuery,
  type SynthesizedScaling,
  synthesizeScaling,
} from './support/synthesized-scaling.ts';

/** Minutes by which SQS and the number of tasks are late, and that a task takes to start. */
const LAGS = [0, 1, 2].flatMap((queueLag) =>
  [0, 1, 2, 3].flatMap((tasksLag) => [1, 2].map((startMinutes) => ({ queueLag, tasksLag, startMinutes }))),
);
type Lag = (typeof LAGS)[number];
const MAX_TASKS = 50;
const HOUR = 60;

const options = {
  jobDuration: Duration.seconds(15),
  drainTarget: Duration.seconds(300),
  maxTasks: MAX_TASKS,
};
const scaling = synthesizeScaling(options);
const scalingByArrivals = synthesizeScaling({ ...options, arrivals: ARRIVALS });

const once = (minute: number, jobs: number) => (now: number) => (now === minute ? jobs : 0);
/** 24 jobs a minute; six tasks can just do them. Not from the start, when the tasks are not reported yet. */
const stream = (minute: number) => (minute < 9 ? 0 : 24);
const lifeOf = (lag: Lag, situation: Partial<Situation>, by: SynthesizedScaling = scaling): Life =>
  live(by, {
    minutes: HOUR,
    arrivals: () => 0,
    jobSeconds: 15,
    maxTasks: MAX_TASKS,
    ...lag,
    ...situation,
  });
const peak = ({ desired }: Life): number => Math.max(...desired);
const minutesUntilDone = ({ waiting }: Life, from: number): number =>
  waiting.findIndex((jobs, minute) => minute > from && jobs === 0) - from;

describe.each(LAGS)('with SQS $queueLag, tasks $tasksLag and a start $startMinutes minutes late', (lag) => {
  it('a single message starts one task, as soon as SQS has reported it, and in the end none runs', () => {
    const life = lifeOf(lag, { arrivals: once(10, 1) });
    expect(life.wakeUps).toEqual([10 + lag.queueLag]);
    expect(peak(life)).toBe(1);
    expect(minutesUntilDone(life, 10)).toBeLessThanOrEqual(5);
    expect(life.desired.at(-1)).toBe(0);
  });

  it('a burst that needs six tasks, and as many for what is in flight, does not start many more', () => {
    const life = lifeOf(lag, { arrivals: once(10, 120) });
    expect(life.wakeUps).toHaveLength(1);
    expect(peak(life)).toBeGreaterThanOrEqual(6);
    expect(peak(life)).toBeLessThanOrEqual(12);
    expect(minutesUntilDone(life, 10)).toBeLessThanOrEqual(11);
    expect(life.desired.at(-1)).toBe(0);
  });

  it('nothing is woken while tasks work, and a steady stream is kept up with', () => {
    const life = lifeOf(lag, { minutes: 6 * HOUR, arrivals: stream, tasks: 7 });
    expect(life.wakeUps).toEqual([]);
    expect(Math.max(...life.waiting.slice(-HOUR))).toBeLessThan(120);
    expect(Math.min(...life.desired)).toBeGreaterThanOrEqual(6);
    expect(Math.max(...life.desired.slice(-HOUR))).toBeLessThanOrEqual(18);
  });

  it('tasks that are busy for hours are neither stopped nor taken for missing', () => {
    const life = lifeOf(lag, { minutes: 100, arrivals: once(9, 8), tasks: 5, maxTasks: 5, jobSeconds: 7200 });
    expect(life.wakeUps).toEqual([]);
    expect(Math.min(...life.desired)).toBe(5);
  });

  it('after six idle hours the function that fills the queue starts the first task', () => {
    const night = { minutes: 10 * HOUR, arrivals: once(8 * HOUR, 1) };
    expect(lifeOf(lag, night, scalingByArrivals).wakeUps).toEqual([8 * HOUR + 1]);
    // Without one it takes SQS's quarter of an hour.
    expect(lifeOf(lag, night).wakeUps).toEqual([8 * HOUR + 15 + lag.queueLag]);
  });

  it('arrivals do not start more tasks while some work', () => {
    const working = { minutes: 3 * HOUR, arrivals: stream, tasks: 7 };
    expect(lifeOf(lag, working, scalingByArrivals).wakeUps).toEqual([]);
    const burst = lifeOf(
      lag,
      { arrivals: (minute) => (minute > 9 && minute < 15 ? 24 : 0) },
      scalingByArrivals,
    );
    expect(burst.wakeUps).toHaveLength(1);
    expect(peak(burst)).toBeLessThanOrEqual(12);
  });
});

describe('the lives above', () => {
  const metrics = {
    visible: { name: 'ApproximateNumberOfMessagesVisible', statistic: 'Maximum' },
    inflight: { name: 'ApproximateNumberOfMessagesNotVisible', statistic: 'Maximum' },
    running: { name: 'RunningTaskCount', statistic: 'Average' },
  };
  const running = 'FILL(running, REPEAT)';
  /** Periods of a minute, filled gaps, and cooldowns shorter than metrics come late. */
  const naive: SynthesizedScaling = {
    wakeUp: { expression: '(visible > 0) AND (running < TIME_SERIES(1))', metrics, periodMinutes: 1 },
    wakeUpCooldownSeconds: 120,
    tracking: {
      expression: `(visible * 0.05 + inflight * 1) / (${running} + (${running} < TIME_SERIES(1)))`,
      metrics,
      periodMinutes: 1,
    },
    scaleOutCooldownSeconds: 60,
    scaleInCooldownSeconds: 300,
  };
  const late = (queueLag: number, tasksLag: number): Lag => ({ queueLag, tasksLag, startMinutes: 1 });

  it('show work that never starts, where a minute without a report counts as one without work', () => {
    for (const queueLag of [1, 2]) {
      expect(lifeOf(late(queueLag, 1), { arrivals: once(10, 1) }, naive).wakeUps).toEqual([]);
    }
  });

  it('show tasks that are started without need, where unreported tasks count as none', () => {
    const life = lifeOf(late(0, 1), { arrivals: stream, tasks: 7 }, naive);
    expect(life.wakeUps).not.toEqual([]);
  });

  it.each([60, 180, 240])('show tasks multiplied again after a cooldown of %i seconds', (seconds) => {
    const hasty = { ...scaling, scaleOutCooldownSeconds: seconds };
    expect(peak(lifeOf({ ...late(1, 3), startMinutes: 2 }, { arrivals: once(10, 120) }, hasty))).toBe(
      MAX_TASKS,
    );
  });
});

describe('the alarm WorkersMissing', () => {
  const RULE: AlarmRule = {
    evaluationPeriods: 3,
    breaches: (value) => value >= 1,
    treatMissing: 'notBreaching',
  };
  const query = ((): MetricQuery => {
    const { resources } = synthesize((stack) => {
      const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
      new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' } });
    });
    const [, alarm] = [...resources].find(([id]) => id.includes('WorkersMissing')) ?? [];
    expect(alarm?.Properties).toMatchObject({ EvaluationPeriods: 3, TreatMissingData: 'notBreaching' });
    return readMetricQuery(alarm?.Properties?.['Metrics'] as Parameters<typeof readMetricQuery>[0]);
  })();

  /** Whether it has fired after an hour, by what is reported in each minute of it. */
  const firesFor = ({ queueLag, tasksLag }: Lag, visible: number, tasks: number | undefined): boolean => {
    const metrics = new LateMetrics((name) => (name === 'RunningTaskCount' ? tasksLag : queueLag));
    for (let minute = 0; minute < HOUR; minute += 1) {
      metrics.record('ApproximateNumberOfMessagesVisible', minute, visible);
      metrics.record('RunningTaskCount', minute, tasks);
    }
    return metrics.isAlarm(query, RULE, HOUR - 1);
  };

  it.each(LAGS)('fires for work without tasks, and else not: $queueLag, $tasksLag minutes late', (lag) => {
    expect(firesFor(lag, 3, undefined)).toBe(true);
    expect(firesFor(lag, 3, 2)).toBe(false);
    expect(firesFor(lag, 0, undefined)).toBe(false);
  });
});
