import { describe, expect, it } from 'vitest';
import { durationOption } from './option.ts';

const parse = (text: string): number | undefined => durationOption('x', '1s').parse?.(text, 0);

describe(durationOption, () => {
  it.each([
    ['500ms', 500],
    ['90', 90_000],
    ['90s', 90_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('reads %s as %d milliseconds', (text, milliseconds) => expect(parse(text)).toBe(milliseconds));

  it.each(['', 's', '-1s', '5w', '1e9s', '25d', ' '])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow('Expected a time such as 30s, 10m, 2h or 1d');
  });

  it('shows its default as people write it', () => {
    expect(durationOption('x', '10m')).toMatchObject({ default: 600_000, defaultText: '10m' });
  });
});
