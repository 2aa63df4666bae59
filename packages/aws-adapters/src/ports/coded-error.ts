/**
 * Why a port could not do what it was asked. The set is closed: adding or renaming a code is a major change.
 *
 * | code | meaning | retryable |
 * |---|---|---|
 * | `not-found` | the object, queue, topic or table does not exist | no |
 * | `changed` | the object is no longer the version that was asked for (HTTP 412) | no |
 * | `archived` | the object is in an archive storage class and must be restored first | no |
 * | `access-denied` | the credentials may not do this (HTTP 403, KMS) | no |
 * | `invalid` | the request is malformed or too large: the service refused it, or its client could not even make it | no |
 * | `lease-lost` | the message's visibility timeout ended: somebody else may own it now | no |
 * | `throttled` | the service asks for fewer requests | yes |
 * | `unavailable` | network failure, timeout or HTTP 5xx | yes |
 * | `truncated` | a body ended before its stated length, after all resumptions | yes |
 * | `aborted` | the caller's `AbortSignal` fired | yes |
 */
export type PortErrorCode =
  | 'not-found'
  | 'changed'
  | 'archived'
  | 'access-denied'
  | 'invalid'
  | 'lease-lost'
  | 'throttled'
  | 'unavailable'
  | 'truncated'
  | 'aborted';

/**
 * An error that callers decide on by `code` and `retryable` alone, never by class: two copies of a package
 * may be installed, and then `instanceof` lies.
 */
export interface CodedError<Code extends string = string> extends Error {
  /** What went wrong, from a documented closed set. */
  readonly code: Code;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
}
