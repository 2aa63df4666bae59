import { AdapterError } from './adapter-error.ts';

/**
 * Checks a number among a factory's options when the adapter is made, not when it is first used.
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
