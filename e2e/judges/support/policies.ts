/**
 * Asks somebody else's evaluator of IAM policies. Nothing is guessed: a request or a policy that it does not
 * understand is an error, and so is a condition key that the action does not know, because a policy that asks
 * for such a key could never hold on AWS.
 */
import { type AnonymousRequestPrincipal, runSimulation } from '@cloud-copilot/iam-simulate';

/** A policy as JSON, with values only. */
export interface PolicyDocument {
  readonly Version?: string;
  readonly Statement: readonly Readonly<Record<string, unknown>>[];
}

/** One request and who makes it. */
export interface Request {
  /** A service such as `s3.amazonaws.com`, or the ARN of a role. */
  readonly principal: string | AnonymousRequestPrincipal;
  readonly action: string;
  readonly resource: string;
  /** Exactly the condition keys that come with the request, besides TLS. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The policies that apply to a request. */
export interface Policies {
  readonly ofResource?: PolicyDocument | undefined;
  readonly ofPrincipal?: readonly PolicyDocument[];
}

const known = new Map<string, Promise<boolean>>();

/** Whether the policies allow the request to resources of `account`. */
export function allows(request: Request, policies: Policies, account: string): Promise<boolean> {
  const key = JSON.stringify([request, policies, account]);
  let answer = known.get(key);
  if (answer === undefined) {
    answer = simulate(request, policies, account);
    known.set(key, answer);
  }
  return answer;
}

async function simulate(request: Request, policies: Policies, account: string): Promise<boolean> {
  const { principal, action, resource, context = {} } = request;
  const simulation = {
    request: {
      principal,
      action,
      resource: { resource, accountId: account },
      contextVariables: { 'aws:SecureTransport': 'true', ...context },
    },
    identityPolicies: (policies.ofPrincipal ?? []).map((policy, index) => ({ name: `${index}`, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policies.ofResource,
  };
  const result = await runSimulation(simulation, {});
  const ignored = result.resultType === 'single' ? (result.result.ignoredContextKeys ?? []) : [];
  if (result.resultType === 'error' || ignored.length > 0) {
    const why = result.resultType === 'error' ? result.errors : { ignored };
    throw new Error(`Expected a request that can be judged, got ${JSON.stringify({ why, simulation })}`);
  }
  return result.overallResult === 'Allowed';
}
