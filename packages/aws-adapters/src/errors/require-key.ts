import type { ObjectLocation } from '../ports/index.ts';
import { checkKey, KEY_FORM } from '../rules/index.ts';
import { refuse } from './validation.ts';

/**
 * Refuses a key that no object can have, before a request is made of it: the SDK sends an empty one as a request about the bucket.
 *
 * @throws `invalid`
 */
export function requireKey(object: ObjectLocation): void {
  if (checkKey(object.key) !== undefined) return;
  const came = JSON.stringify(object.key.slice(0, 100));
  refuse(`Expected a key of ${KEY_FORM}, got ${came}.`, object);
}
