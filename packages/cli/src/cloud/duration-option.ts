import type { Option } from '../command-line/option.ts';
import { UsageError } from '../command-line/usage-error.ts';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length of time such as `90s`, `10m`, `2h` or `1d`; a number alone is seconds. The command receives milliseconds. */
export function durationOption(summary: string, usual: string): Option<number> {
  return {
    summary,
    value: 'time',
    default: parseDuration(usual),
    defaultText: usual,
    parse: parseDuration,
  };
}

function parseDuration(given: string): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(given.trim()) ?? [];
  const milliseconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  // Longer than this, Node's timers would end at once.
  if (number !== '' && milliseconds <= 2 ** 31 - 1) return milliseconds;
  throw new UsageError('Expected a time such as 30s, 10m, 2h or 1d, of at most 24 days.');
}
