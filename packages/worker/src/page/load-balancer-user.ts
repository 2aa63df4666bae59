import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import * as v from 'valibot';

/** Options of {@link loadBalancerUser}. */
export interface LoadBalancerUserOptions {
  /**
   * The Application Load Balancer that authenticates, such as
   * `arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/…`.
   */
  readonly loadBalancerArn: string;
  /** The clock, injected so that tests control time. */
  readonly clock: Pick<Clock, 'now'>;
  /** Returns a public key in PEM, by its id. Default: asks the region's own address for it. */
  readonly fetchKey?: (keyId: string) => Promise<string>;
}

/** Says whether a request may change something. */
export type Authorize = (headers: Headers) => Promise<boolean>;

const TokenHeader = v.object({
  alg: v.literal('ES256'),
  // It becomes part of an address.
  kid: v.pipe(v.string(), v.regex(/^[\w-]{1,100}$/)),
  signer: v.string(),
  exp: v.number(),
});

const Claims = v.object({
  email: v.optional(v.string()),
  name: v.optional(v.string()),
  sub: v.optional(v.string()),
});
const MAX_NAME_LENGTH = 200;

/** Load balancers seldom change their key; more keys would be an attempt to fill the memory. */
const MAX_KEYS = 10;

/**
 * Makes a check that a request comes through a load balancer that has authenticated a person: by the
 * signature of `x-amzn-oidc-data`, the balancer named in it, and the time until which it holds. Elastic Load
 * Balancing's guide, "Authenticate users using an Application Load Balancer", asks for these three. Whatever
 * cannot be verified gives `false`.
 *
 * Not by `aws-jwt-verify` (as of 5.2.1): it checks `exp` of the payload, and only if there is one, where we
 * require the header's; it reads the wall clock itself; and its URL of the keys is wrong in GovCloud,
 * where they are in a bucket.
 *
 * @example
 * createPage(sources, { hosts: 'any', authorize: loadBalancerUser({ loadBalancerArn, clock }) });
 */
export function loadBalancerUser(options: LoadBalancerUserOptions): Authorize {
  const { loadBalancerArn, clock } = options;
  const fetchKey = options.fetchKey ?? regionalKeys(loadBalancerArn);
  const keys = new Map<string, KeyObject>();

  async function keyOf(id: string): Promise<KeyObject> {
    const known = keys.get(id);
    if (known !== undefined) return known;
    const key = createPublicKey(await fetchKey(id));
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(id, key);
    return key;
  }

  return async (headers) => {
    try {
      const parts = (headers.get('x-amzn-oidc-data') ?? '').split('.');
      const [head = '', payload = '', signature = ''] = parts;
      const { kid, signer, exp } = v.parse(TokenHeader, JSON.parse(decode(head).toString()));
      if (parts.length !== 3 || signer !== loadBalancerArn || exp * 1000 <= clock.now().getTime())
        return false;
      // The balancer signs what it sends, with the padding that other tokens of this kind leave out.
      const signed = Buffer.from(`${head}.${payload}`);
      const key = { key: await keyOf(kid), dsaEncoding: 'ieee-p1363' } as const;
      return verify('sha256', signed, key, decode(signature));
    } catch {
      return false;
    }
  };
}

/**
 * How the load balancer calls whoever is signed in: by e-mail address, else by name, else by the provider's
 * id. Only for requests that {@link loadBalancerUser} has verified.
 */
export function loadBalancerUserName(headers: Headers): string | undefined {
  try {
    const [, payload = ''] = (headers.get('x-amzn-oidc-data') ?? '').split('.');
    const { email, name, sub } = v.parse(Claims, JSON.parse(decode(payload).toString()));
    return (email ?? name ?? sub)?.slice(0, MAX_NAME_LENGTH);
  } catch {
    return undefined;
  }
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function regionalKeys(loadBalancerArn: string): (keyId: string) => Promise<string> {
  const [, partition, , region = ''] = loadBalancerArn.split(':');
  const folder =
    partition === 'aws-us-gov'
      ? `https://s3-${region}.amazonaws.com/aws-elb-public-keys-prod-${region}`
      : `https://public-keys.auth.elb.${region}.amazonaws.com`;
  return async (keyId) => {
    const response = await fetch(`${folder}/${keyId}`, { signal: AbortSignal.timeout(5000) });
    if (!response.ok)
      throw new Error(`The load balancer's key could not be read: status ${response.status}.`);
    return response.text();
  };
}
