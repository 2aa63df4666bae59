import { createManualClock } from '@org/wordfreq-aws-adapters/memory';
import { describe, expect, it } from 'vitest';
import { CircuitBreaker } from '../queue/circuit-breaker.ts';
import { createJobMetrics } from './metrics.ts';
import { observeOutcomes } from './observe-outcomes.ts';

const MESSAGE = {
  id: 'm1',
  body: '{}',
  receipt: 'r1',
  receiveCount: 2,
  sentAt: new Date('2025-12-31T23:59:58Z'),
  attributes: new Map<string, string>(),
};
const JOB = { object: { bucket: 'texts', key: 'a\n{"b"}.txt', eTag: 'e1' }, attempt: 2 };

function setUp(threshold = 2) {
  const lines: [level: string, line: object, text: string | undefined][] = [];
  const log =
    (level: string) =>
    (line: object, text?: string): void => {
      lines.push([level, line, text]);
    };
  const clock = createManualClock();
  const circuit = new CircuitBreaker({ clock, threshold });
  const logger = { info: log('info'), warn: log('warn'), error: log('error') } as never;
  const metrics = createJobMetrics({ clock, write: () => undefined });
  return { lines, circuit, observers: { logger, metrics, circuit, clock } };
}

describe(observeOutcomes, () => {
  it('logs under frozen names what finds the object and the reason', () => {
    const { lines, observers } = setUp();
    const counted = { outcome: 'counted', job: JOB, jobId: 'j1', bytes: 9, words: 3, durationMs: 4.5 };
    const failed = {
      outcome: 'failed:not-text',
      job: JOB,
      jobId: 'j2',
      error: { code: 'not-text', message: 'NULs' },
    };
    observeOutcomes(MESSAGE, [counted, failed], observers);
    const common = {
      messageId: 'm1',
      attempt: 2,
      bucket: 'texts',
      key: 'a\n{"b"}.txt',
      version: 'e1',
      ageMs: 2000,
    };
    expect(lines).toEqual([
      [
        'info',
        { ...common, outcome: 'counted', jobId: 'j1', bytes: 9, words: 3, durationMs: 4.5 },
        'job done',
      ],
      [
        'error',
        { ...common, outcome: 'failed:not-text', jobId: 'j2', errorCode: 'not-text', errorMessage: 'NULs' },
        'job failed',
      ],
    ]);
  });

  it('pauses when every job is denied, and says so once, and when it is over', () => {
    const { lines, circuit, observers } = setUp();
    const denied = {
      outcome: 'retry:access-denied',
      job: JOB,
      error: { code: 'access-denied', message: '403' },
    };
    for (let job = 0; job < 4; job += 1) observeOutcomes(MESSAGE, [denied], observers);
    expect(circuit.open).toBe(true);
    observeOutcomes(MESSAGE, [{ outcome: 'counted', job: JOB }], observers);
    expect(circuit.open).toBe(false);
    expect(lines.map(([, , text]) => text).filter((text) => /receiving/.test(text ?? ''))).toEqual([
      'every job fails in the same way: receiving is paused',
      'jobs succeed again: receiving continues',
    ]);
  });
});
