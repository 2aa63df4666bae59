import type { AlarmRule } from './alarm-evaluation.ts';
import { LateMetrics } from './late-metrics.ts';
import type { SynthesizedScaling } from './synthesized-scaling.ts';

/** The work of a service, and how late CloudWatch's metrics are. */
export interface Situation {
  readonly minutes: number;
  /** Jobs that arrive in a minute, evenly. */
  readonly arrivals: (minute: number) => number;
  readonly jobSeconds: number;
  readonly maxTasks: number;
  readonly tasks?: number;
  readonly queueLag: number;
  readonly tasksLag: number;
  /** How long a task takes to start. */
  readonly startMinutes: number;
}

/** What happened, by minute. */
export interface Life {
  readonly running: number[];
  readonly desired: number[];
  readonly waiting: number[];
  /** When the wake-up alarm started a task. */
  readonly wakeUps: number[];
}

const TICK_SECONDS = 5;
const TICKS = 60 / TICK_SECONDS;
/** How often an idle worker polls. */
const POLL_SECONDS = 20;
/**
 * SQS stops reporting metrics for a queue that has been unused for this long, and resumes this late
 * ("Monitoring Amazon SQS queues using CloudWatch").
 */
const QUEUE_ACTIVE_MINUTES = 360;
const QUEUE_ACTIVATION_MINUTES = 15;

const WAKE_UP: AlarmRule = {
  evaluationPeriods: 1,
  breaches: (value) => value >= 1,
  treatMissing: 'notBreaching',
};
/** The two alarms that target tracking creates for a target of 1. */
const HIGH: AlarmRule = { evaluationPeriods: 3, breaches: (value) => value > 1, treatMissing: 'missing' };
const LOW: AlarmRule = { evaluationPeriods: 15, breaches: (value) => value < 0.9, treatMissing: 'missing' };

interface Task {
  readonly readyAt: number;
  /** Seconds until its job is done; 0 if idle. */
  busy: number;
}

interface Minute {
  received: number;
  empty: number;
}

/**
 * Simulates a service on a queue minute by minute; each task processes one job at a time. It scales by the
 * template's expressions and cooldowns.
 */
export function live(scaling: SynthesizedScaling, situation: Situation): Life {
  const { queueLag, tasksLag, minutes, startMinutes, maxTasks } = situation;
  const metrics = new LateMetrics((metric) =>
    metric === 'RunningTaskCount' ? tasksLag : metric === 'Invocations' ? 1 : queueLag,
  );
  const life: Life = { running: [], desired: [], waiting: [], wakeUps: [] };
  let tasks: Task[] = Array.from({ length: situation.tasks ?? 0 }, () => ({ readyAt: 0, busy: 0 }));
  let waiting = 0;
  let lastUse = 0;
  let reportedFrom = 0;
  let [lastWakeUp, lastOut, lastIn] = [
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ];

  const start = (count: number, minute: number): void => {
    const readyAt = (minute + 1 + startMinutes) * 60;
    const wanted = Math.min(maxTasks, tasks.length + count);
    while (tasks.length < wanted) tasks.push({ readyAt, busy: 0 });
  };
  /** Busy tasks are protected. */
  const stop = (count: number): void => {
    const idle = tasks.filter(({ busy }) => busy === 0).slice(0, count);
    tasks = tasks.filter((task) => !idle.includes(task));
  };

  for (let minute = 0; minute < minutes; minute += 1) {
    const arrived = situation.arrivals(minute);
    const counts: Minute = { received: 0, empty: 0 };
    for (let tick = 0; tick < TICKS; tick += 1) {
      const second = minute * 60 + tick * TICK_SECONDS;
      waiting += Math.ceil((arrived * (tick + 1)) / TICKS) - Math.ceil((arrived * tick) / TICKS);
      waiting = work(tasks, waiting, second, situation.jobSeconds, counts);
    }
    const running = tasks.filter(({ readyAt }) => readyAt <= minute * 60).length;
    const used = waiting + running + arrived > 0;
    if (used && minute - lastUse >= QUEUE_ACTIVE_MINUTES) reportedFrom = minute + QUEUE_ACTIVATION_MINUTES;
    if (used) lastUse = minute;
    if (minute - lastUse < QUEUE_ACTIVE_MINUTES && minute >= reportedFrom) {
      const inFlight = tasks.filter(({ busy }) => busy > 0).length;
      metrics.record('ApproximateNumberOfMessagesVisible', minute, waiting);
      metrics.record('ApproximateNumberOfMessagesNotVisible', minute, inFlight || undefined);
      metrics.record('NumberOfMessagesReceived', minute, counts.received || undefined);
      metrics.record('NumberOfEmptyReceives', minute, counts.empty || undefined);
    }
    metrics.record('RunningTaskCount', minute, running || undefined);
    metrics.record('Invocations', minute, arrived || undefined);
    life.running.push(running);
    life.waiting.push(waiting);

    const now = (minute + 1) * 60;
    if (
      now - lastWakeUp >= scaling.wakeUpCooldownSeconds &&
      metrics.isAlarm(scaling.wakeUp, WAKE_UP, minute)
    ) {
      lastWakeUp = now;
      life.wakeUps.push(minute);
      start(1, minute);
    }
    const [needed] = metrics.points(scaling.tracking, HIGH, minute).filter((point) => point !== undefined);
    const target = Math.ceil(tasks.length * (needed ?? 1));
    if (metrics.isAlarm(scaling.tracking, HIGH, minute)) {
      if (now - lastOut >= scaling.scaleOutCooldownSeconds && target > tasks.length) {
        lastOut = now;
        start(target - tasks.length, minute);
      }
    } else if (
      now - lastIn >= scaling.scaleInCooldownSeconds &&
      target < tasks.length &&
      metrics.isAlarm(scaling.tracking, LOW, minute)
    ) {
      lastIn = now;
      stop(tasks.length - target);
    }
    life.desired.push(tasks.length);
  }
  return life;
}

/** Simulates five seconds of all tasks; returns how many jobs are still waiting. */
function work(
  tasks: readonly Task[],
  waiting: number,
  second: number,
  jobSeconds: number,
  counts: Minute,
): number {
  let left = waiting;
  for (const task of tasks) {
    if (task.readyAt > second) continue;
    task.busy = Math.max(0, task.busy - TICK_SECONDS);
    if (task.busy > 0) continue;
    if (left > 0) {
      left -= 1;
      counts.received += 1;
      task.busy = jobSeconds;
    } else if (second % POLL_SECONDS === 0) {
      counts.empty += 1;
    }
  }
  return left;
}
