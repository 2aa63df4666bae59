import type { Check } from './check.ts';
import { BUCKET_CHECKS } from './checks-of-buckets.ts';
import { MESSAGING_CHECKS } from './checks-of-messaging.ts';
import { OPERATIONS_CHECKS } from './checks-of-operations.ts';

/** How each resource type is judged, by its name in templates. */
export const CHECKS: Readonly<Record<string, Check>> = {
  ...BUCKET_CHECKS,
  ...MESSAGING_CHECKS,
  ...OPERATIONS_CHECKS,
};
