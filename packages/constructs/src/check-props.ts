import { type Duration, Token } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

/**
 * Returns what was expected of a value, or `undefined` if it is valid. A missing value is valid unless
 * `required`.
 */
export interface PropCheck {
  (value: unknown): string | undefined;
  readonly required?: true;
}

/** A check for every property of an interface; TypeScript rejects a table that lacks one. */
export type PropChecks<T> = { readonly [K in keyof Required<T>]: PropCheck };

/**
 * Rejects properties that the compiler would reject (for callers in JavaScript), and values that AWS would
 * reject only during deployment.
 *
 * @throws Error that names each property, what was expected and what was given
 */
export function checkProps<T extends object>(
  owner: string,
  props: T | undefined,
  checks: PropChecks<T>,
): void {
  if (props !== undefined && (typeof props !== 'object' || props === null || Array.isArray(props))) {
    throw new Error(`Expected an object with the properties of ${owner}, got ${show(props)}.`);
  }
  const given: Readonly<Record<string, unknown>> = { ...props };
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(checks, name));
  const problems = [
    ...unknown.map((name) => `one of ${Object.keys(checks).join(', ')}, got the unknown "${name}"`),
    ...Object.entries<PropCheck>(checks).flatMap(([name, check]) => {
      const value = given[name];
      const expected = value === undefined && check.required !== true ? undefined : check(value);
      return expected === undefined ? [] : [`${name} to be ${expected}, got ${show(value)}`];
    }),
  ];
  if (problems.length > 0) throw new Error(`Expected of the properties of ${owner}: ${problems.join('; ')}.`);
}

/** Accepts whatever the type allows. */
export const anything: PropCheck = () => undefined;

/** A value that cannot be left out; `expected` names it. */
export function required(expected: string, check: PropCheck = anything): PropCheck {
  const whenGiven = (value: unknown): string | undefined =>
    value === undefined || value === null ? expected : check(value);
  return Object.assign(whenGiven, { required: true as const });
}

/** One of a few words. */
export function oneOf(...choices: readonly string[]): PropCheck {
  const last = choices.at(-1);
  const expected = `${choices.slice(0, -1).map(quote).join(', ')} or ${quote(last)}`;
  return (value) => (choices.includes(value as string) ? undefined : expected);
}

/** An address that SNS and Budgets accept; mail to a malformed one would never arrive. */
export const email: PropCheck = (value) =>
  Token.isUnresolved(value) || (typeof value === 'string' && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))
    ? undefined
    : 'an e-mail address such as team@example.com';

/** A whole number of at least `minimum`, if it is known at synthesis. */
export function atLeast(minimum: number): PropCheck {
  return (value) =>
    Token.isUnresolved(value) || (Number.isInteger(value) && (value as number) >= minimum)
      ? undefined
      : `a whole number of at least ${minimum}`;
}

/** `true` or `false`: any other value would silently count as `true`. */
export const flag: PropCheck = (value) => (typeof value === 'boolean' ? undefined : 'true or false');

/** A nested object of properties. */
export const object: PropCheck = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? undefined
    : 'an object with properties';

/** A CDK duration. */
export const duration: PropCheck = (value) =>
  typeof (value as Duration | null)?.toSeconds === 'function'
    ? undefined
    : 'a Duration, such as Duration.minutes(5)';

/** A duration between `from` and `to` seconds. */
export function seconds(from: number, to: number, why: string): PropCheck {
  return (value) => {
    const duration = value as Duration;
    const expected = `a Duration from ${from} to ${to} seconds (${why})`;
    if (typeof duration?.toSeconds !== 'function') return expected;
    if (duration.isUnresolved()) return undefined;
    const given = duration.toSeconds({ integral: false });
    return given >= from && given <= to ? undefined : expected;
  };
}

/** A visibility timeout: long enough for a worker to extend it before it expires. */
export const visibility: PropCheck = seconds(3, 43_200, 'SQS hides a message for at most 12 hours');

/** A queue that S3 and SNS can send to. */
export const standardQueue: PropCheck = (value) =>
  (value as IQueue).fifo ? 'a standard queue: S3 and this topic cannot send to a FIFO queue' : undefined;

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function quote(word: unknown): string {
  return `'${String(word)}'`;
}

function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  const { node, toSeconds } = (value ?? {}) as { node?: { path?: string }; toSeconds?: unknown };
  if (typeof toSeconds === 'function')
    return `${String((value as Duration).toSeconds({ integral: false }))} seconds`;
  if (isPlain(value)) return `{ ${Object.keys(value).join(', ')} }`;
  return node?.path ?? String(value);
}
