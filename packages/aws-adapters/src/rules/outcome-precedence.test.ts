import { describe, expect, it } from 'vitest';
import { mayBeSuperseded, supersedes } from './outcome-precedence.ts';

const OUTCOMES = [
  'counted',
  'empty',
  'skipped:suffix',
  'gone',
  'skipped:overwritten',
  'failed:throttled',
] as const;
const PRESENT = ['counted', 'empty', 'skipped:suffix'];

describe(supersedes, () => {
  it.each(OUTCOMES)('says of %s what may take its place, now and in a later upload', (existing) => {
    const takers = (order: string): string[] =>
      OUTCOMES.filter((outcome) => supersedes({ outcome, order }, { outcome: existing, order: '2' }));
    const isFailure = existing.startsWith('failed:');
    const isAbsent = existing === 'gone' || existing === 'skipped:overwritten';
    const better = [...PRESENT, 'gone', 'skipped:overwritten'];
    for (const order of ['1', '2']) expect(takers(order)).toEqual(isFailure ? better : []);
    expect(takers('3')).toEqual(isFailure ? better : isAbsent ? [...PRESENT, 'failed:throttled'] : []);
    expect(mayBeSuperseded(existing)).toBe(isFailure || isAbsent);
  });
});
