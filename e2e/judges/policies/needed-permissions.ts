import { isAllowed, type Principal, type Statement } from './principal.ts';
import type { RequestedPermission } from './requested-permission.ts';

/** One action on one resource, as a policy has it. */
interface Granted {
  readonly action: string;
  /** May have wildcards. */
  readonly resource: string;
}

/** What taking one permission out of the policies does. */
export interface Judged extends Granted {
  /** Whether something that was done would be refused then. */
  readonly needed: boolean;
}

/**
 * Takes each permission of a principal out in turn, and replays what it did against the policies that are
 * left.
 *
 * @throws Error when something that was done is not allowed by the whole policies
 */
export async function judgePermissions(
  principal: Principal,
  done: readonly RequestedPermission[],
): Promise<Judged[]> {
  const granted = principal.statements.flatMap(grantsOf);
  for (const request of done) {
    if (!(await isAllowed(withOnly(principal, granted), request)))
      throw new Error(
        `Expected a replay to allow what was allowed, but not ${request.action} on ${request.resource}.`,
      );
  }
  const judged: Judged[] = [];
  for (const grant of granted) {
    const left = withOnly(
      principal,
      granted.filter((other) => other !== grant),
    );
    let needed = false;
    for (const request of done) {
      // Only these can be what the permission was for.
      if (needed || request.action.toLowerCase() !== grant.action.toLowerCase()) continue;
      needed = !(await isAllowed(left, request));
    }
    judged.push({ ...grant, needed });
  }
  return judged;
}

/** A statement as single permissions; this judge's policies have neither conditions nor denials. */
function grantsOf(statement: Statement): Granted[] {
  const { Effect, Action, Resource, ...rest } = statement;
  if (Effect !== 'Allow' || Object.keys(rest).some((name) => name !== 'Sid')) {
    throw new Error(`Expected a plain Allow in the policy of a role, got ${JSON.stringify(statement)}.`);
  }
  return [Action].flat().flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })));
}

const withOnly = (principal: Principal, granted: readonly Granted[]): Principal => ({
  ...principal,
  statements: granted.map(({ action, resource }) => ({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  })),
});
