import type { ObjectLocation, ObjectVersion } from '../ports/index.ts';
import { checkKey, KEY_FORM } from '../rules/index.ts';
import { AdapterError } from './adapter-error.ts';

/**
 * Throws if a rule found a problem, before anything is sent or written.
 *
 * @throws `invalid`, with the problem as its message
 */
export function refuse(problem: string | undefined, object?: Partial<ObjectVersion>): void {
  if (problem !== undefined)
    throw new AdapterError('invalid', problem, object === undefined ? {} : { object });
}

/**
 * Refuses a key that no object can have before a request is made: the SDK would send an empty one as a
 * request about the bucket.
 *
 * @throws `invalid`
 */
export function requireKey(object: ObjectLocation): void {
  if (checkKey(object.key) !== undefined) return;
  const came = JSON.stringify(object.key.slice(0, 100));
  refuse(`Expected a key of ${KEY_FORM}, got ${came}.`, object);
}

/**
 * Checks a number among a factory's options when the adapter is created, not when it is first used.
 *
 * @throws `invalid`, with the option's name, what was expected and what came
 */
export function wholeNumber(option: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new AdapterError(
    'invalid',
    `Expected ${option} to be a whole number of at least ${minimum}, got ${value}.`,
  );
}
