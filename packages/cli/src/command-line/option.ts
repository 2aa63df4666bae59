import { UsageError } from '../errors.ts';

/** An option of a command: what it takes, and what becomes of it. `T` is what the command receives. */
export interface Option<T = unknown> {
  /** One line for people, without a full stop. */
  readonly summary: string;
  /** One letter that may be given instead of the name: `n` for `-n`. */
  readonly short?: string;
  /** What stands for the value in the help, such as `number`. Absent for a switch. */
  readonly value?: string;
  /** A switch that is on until it is given: `color` is then `--no-color`. */
  readonly negated?: boolean;
  /** What the command receives when the option is not given. */
  readonly default: T;
  /** The default as people write it, where that is another form, such as `10m`. */
  readonly defaultText?: string;
  /** The values that there are. */
  readonly choices?: readonly string[];
  /** What a shell completes as the value. */
  readonly completes?: 'files' | 'folders';
  /** May be given more than once; `parse` gets what was there before. */
  readonly repeatable?: boolean;
  /**
   * Text to value.
   *
   * @throws UsageError, with what was expected
   */
  parse?(text: string, previous: T): T;
}

/** The flag of an option: `perFile` is `--per-file`. */
export function flagOf(name: string, option: Pick<Option, 'negated'> = {}): string {
  const kebab = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return option.negated === true ? `--no-${kebab}` : `--${kebab}`;
}

/** An option as it is given: `-n, --top`. */
export function flagsOf(name: string, option: Pick<Option, 'negated' | 'short'>): readonly string[] {
  const long = flagOf(name, option);
  return option.short === undefined ? [long] : [`-${option.short}`, long];
}

/** On or off. */
export function flag(summary: string): Option<boolean> {
  return { summary, default: false };
}

/** An option with a letter of its own. */
export function short<T>(letter: string, option: Option<T>): Option<T> {
  return { ...option, short: letter };
}

/** On until it is given with `--no-` in front. */
export function negatedFlag(summary: string): Option<boolean> {
  return { summary, default: true, negated: true };
}

/** Any text; `undefined` when not given. */
export function text(
  value: string,
  summary: string,
  more: Pick<Option, 'completes'> = {},
): Option<string | undefined> {
  return { summary, value, default: undefined, ...more };
}

/** One of some words, the first of which is the default. */
export function choice<const T extends string>(
  value: string,
  summary: string,
  choices: readonly T[],
): Option<T> {
  return { summary, value, default: choices[0] as T, choices };
}

/** Any number of texts: the option may be given again and again. */
export function texts(
  value: string,
  summary: string,
  more: Pick<Option, 'completes'> = {},
): Option<readonly string[]> {
  return {
    summary,
    value,
    default: [],
    repeatable: true,
    parse: (given, previous) => [...previous, given],
    ...more,
  };
}

/** Several of some words, given one by one or with commas between them. */
export function listOf(value: string, summary: string, known: readonly string[]): Option<readonly string[]> {
  return {
    ...texts(value, summary),
    parse(given, previous) {
      const items = given.split(',').filter((item) => item !== '');
      for (const item of items) requireKnown(item, known, (word) => word === item);
      return [...previous, ...items];
    },
  };
}

/** The beginning of one of some words. */
export function beginningOf(
  value: string,
  summary: string,
  known: readonly string[],
): Option<string | undefined> {
  return {
    ...text(value, summary),
    parse(given) {
      requireKnown(given, known, (word) => word.startsWith(given));
      return given;
    },
  };
}

function requireKnown(given: string, known: readonly string[], fits: (word: string) => boolean): void {
  if (given !== '' && known.some(fits)) return;
  throw new UsageError(`Expected ${known.join(', ')}.`);
}

/** A whole number from `min` to `max`. */
export function wholeNumber<T extends number | undefined = number>(
  value: string,
  summary: string,
  range: { readonly min: number; readonly max: number; readonly default: T },
): Option<number | T> {
  return {
    summary,
    value,
    default: range.default,
    parse(given) {
      const number = Number(given);
      const fits = Number.isInteger(number) && number >= range.min && number <= range.max;
      if (given.trim() !== '' && fits) return number;
      throw new UsageError(`Expected a whole number from ${range.min} to ${range.max}.`);
    },
  };
}

/** A port of this machine. */
export function port(summary: string, usual: number): Option<number> {
  return wholeNumber('number', `${summary}; 0 picks a free one`, { min: 0, max: 65_535, default: usual });
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A length of time such as `90s`, `10m`, `2h` or `1d`; a number alone is seconds. The command receives
 * milliseconds.
 */
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
