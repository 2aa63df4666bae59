import { type AlarmRule, evaluationRange, isAlarm } from './alarm-evaluation.ts';
import { evaluate, type Series } from './metric-math.ts';
import type { MetricQuery } from './synthesized-scaling.ts';

/** How many minutes after a minute's end its value is reported, by metric. */
type Lags = (metric: string) => number;

/** The values of each minute by metric, and which of them CloudWatch knows at a given time. */
export class LateMetrics {
  readonly #lags: Lags;
  readonly #values = new Map<string, Map<number, number>>();

  constructor(lags: Lags) {
    this.#lags = lags;
  }

  /** A value of `undefined` is not reported at all. */
  record(metric: string, minute: number, value: number | undefined): void {
    if (value === undefined) return;
    const values = this.#values.get(metric) ?? new Map<number, number>();
    this.#values.set(metric, values.set(minute, value));
  }

  /**
   * The expression's values in the periods of an alarm's evaluation range, newest first, as they are known at
   * the end of `minute`.
   */
  points(query: MetricQuery, rule: AlarmRule, minute: number): (number | undefined)[] {
    const count = evaluationRange(rule);
    // Period 0 is the newest; it ends with the minute, because periods move on.
    const times = Array.from({ length: count }, (_, index) => index - count + 1);
    const series = Object.entries(query.metrics).map(([id, { name, statistic }]): [string, Series] => {
      const points = times.flatMap((time): [number, number][] => {
        const value = this.#inPeriod(name, statistic, minute + time * query.periodMinutes, query, minute);
        return value === undefined ? [] : [[time, value]];
      });
      return [id, new Map(points)];
    });
    const result = evaluate(query.expression, { times, series: Object.fromEntries(series) });
    return times.map((time) => result.get(time)).reverse();
  }

  /** Whether an alarm is in ALARM at the end of `minute`. */
  isAlarm(query: MetricQuery, rule: AlarmRule, minute: number): boolean {
    return isAlarm(this.points(query, rule, minute), rule);
  }

  #inPeriod(
    metric: string,
    statistic: string,
    lastMinute: number,
    { periodMinutes }: MetricQuery,
    now: number,
  ): number | undefined {
    const known: number[] = [];
    for (let minute = lastMinute - periodMinutes + 1; minute <= lastMinute; minute += 1) {
      const value = this.#values.get(metric)?.get(minute);
      if (value !== undefined && minute + this.#lags(metric) <= now) known.push(value);
    }
    if (known.length === 0) return undefined;
    const sum = known.reduce((total, value) => total + value, 0);
    if (statistic === 'Maximum') return Math.max(...known);
    if (statistic === 'Minimum') return Math.min(...known);
    return statistic === 'Average' ? sum / known.length : sum;
  }
}
