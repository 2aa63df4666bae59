import { allows, type PolicyDocument } from '../support/policies.ts';
import type { RequestedPermission } from './requested-permission.ts';
import type { Place } from './service-permissions.ts';

/** A statement of a policy, as JSON, without intrinsic functions. */
export interface Statement extends Readonly<Record<string, unknown>> {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** Who calls AWS, and what decides whether they may. */
export interface Principal {
  /** By which requests are recognised: each process has its own. */
  readonly accessKeyId: string;
  /** Of an IAM role. */
  readonly arn: string;
  readonly place: Place;
  /** The role's own. */
  readonly statements: readonly Statement[];
  /** Of buckets, queues, topics and keys, by ARN. */
  readonly resourcePolicies: ReadonlyMap<string, PolicyDocument>;
  /** The customer's key that a bucket, queue, topic or table is encrypted with, by ARN. */
  readonly keys: ReadonlyMap<string, string>;
  /** Names of buckets whose objects have versions. */
  readonly versionedBuckets: ReadonlySet<string>;
  /** The task that a worker runs as. */
  readonly taskArn?: string;
}

/**
 * Whether a principal may do something: by identity policies and the policy of the resource together, as
 * within one account.
 */
export function isAllowed(
  { arn: principal, place, statements, resourcePolicies }: Principal,
  { action, resource }: RequestedPermission,
): Promise<boolean> {
  const ofResource = resourcePolicies.get(resource) ?? resourcePolicies.get(bucketOf(resource));
  const ofPrincipal = [{ Version: '2012-10-17', Statement: statements }];
  return allows({ principal, action, resource }, { ofResource, ofPrincipal }, place.account);
}

const bucketOf = (resource: string): string => /^arn:aws:s3:::[^/]+/.exec(resource)?.[0] ?? '';
