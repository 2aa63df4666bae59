import type { ObjectVersion } from '../ports/index.ts';
import { AdapterError } from './adapter-error.ts';

/**
 * Refuses what a rule found a problem with, before anything is sent or written.
 *
 * @throws `invalid`, with the problem as its message
 */
export function refuse(problem: string | undefined, object?: Partial<ObjectVersion>): void {
  if (problem !== undefined)
    throw new AdapterError('invalid', problem, object === undefined ? {} : { object });
}
