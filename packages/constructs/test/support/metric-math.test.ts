import { describe, expect, it } from 'vitest';
import { evaluate, type Series } from './metric-math.ts';

type Points = readonly (number | undefined)[];
const _ = undefined;

const series = (points: Points): Series =>
  new Map(points.flatMap((value, time) => (value === undefined ? [] : [[time, value] as const])));

function computed(expression: string, metrics: Readonly<Record<string, Points>>): Points {
  const length = Math.max(...Object.values(metrics).map((points) => points.length));
  const times = Array.from({ length }, (_value, time) => time);
  const given = Object.fromEntries(Object.entries(metrics).map(([name, points]) => [name, series(points)]));
  const result = evaluate(expression, { times, series: given });
  return times.map((time) => result.get(time));
}

describe('the examples that AWS gives of metric math', () => {
  const compared = { metric1: [30, 20, 0, 0], metric2: [20, _, 20, _] };
  it.each<[string, Points]>([
    ['(metric1 < metric2)', [0, 0, 1, 0]],
    ['(metric1 >= 30)', [1, 0, 0, 0]],
    ['(metric1 > 15 AND metric2 > 15)', [1, 0, 0, 0]],
  ])('compares: %s', (expression, expected) => {
    expect(computed(expression, compared)).toEqual(expected);
  });

  const chosen = { metric1: [1, 1, 0, 0, _], metric2: [30, _, 0, 0, 30], metric3: [0, 0, 20, _, 20] };
  it.each<[string, Points]>([
    ['IF(metric1, metric2, metric3)', [30, 0, 20, _, _]],
    ['IF(metric1, 5, metric3)', [5, 5, 20, _, _]],
    ['IF(metric1, metric2)', [30, 0, _, _, _]],
  ])('chooses: %s', (expression, expected) => {
    expect(computed(expression, chosen)).toEqual(expected);
  });
});

describe('the rules that AWS documents of metric math', () => {
  it.each<[string, string, Points]>([
    ['a missing value is 0 in arithmetic', 'a + b', [3, 1, 2, _]],
    ['a point whose computation divides by zero is dropped', 'a / b', [0.5, _, 0, _]],
    ['with a scalar, points are where the series has them', 'a * 0 + 7', [7, 7, _, _]],
    ['operators have the usual precedence', 'a + b * 2 > 4 AND a == 1', [1, 0, 0, _]],
    ['a gap is filled with a number', 'FILL(b, 9)', [2, 9, 2, 9]],
    ['a gap is filled with what was before it', 'FILL(a, REPEAT)', [1, 1, 1, 1]],
    ['TIME_SERIES has a value everywhere', 'TIME_SERIES(1) - a', [0, 0, 1, 1]],
  ])('%s: %s', (_title, expression, expected) => {
    expect(computed(expression, { a: [1, 1, _, _], b: [2, _, 2, _] })).toEqual(expected);
  });

  it('says what it does not know', () => {
    expect(() => computed('RATE(a)', { a: [1] })).toThrow('Expected IF, FILL or TIME_SERIES, got "RATE"');
    expect(() => computed('a + c', { a: [1] })).toThrow('Expected a metric, got "c"');
  });
});
