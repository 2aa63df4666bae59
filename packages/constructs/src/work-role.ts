import { Stack } from 'aws-cdk-lib';
import {
  type AddToPrincipalPolicyResult,
  type IGrantable,
  type IPrincipal,
  type IRole,
  ManagedPolicy,
  Policy,
  type PolicyStatement,
  type PrincipalPolicyFragment,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { ExistingRoles, RolePurpose } from './existing-roles.ts';

/** Properties of {@link WorkRole}. */
export interface WorkRoleProps {
  /** The part of the pipeline that assumes the role. */
  readonly purpose: RolePurpose;
  /** The service that assumes the role, such as `lambda.amazonaws.com`. */
  readonly service: string;
  /** Existing roles; with them no role is created. @default - a new role */
  readonly roles?: ExistingRoles | undefined;
  /** An existing role, which gets the statements as a separate policy. @default - a new role */
  readonly role?: IRole | undefined;
  /** AWS managed policies, such as `service-role/AWSBackupServiceRolePolicyForBackup`. @default - none */
  readonly managedPolicies?: string[];
}

/** What one role must allow, for the administrator who grants it. */
export interface RequiredPermissions {
  /** The part of the pipeline that assumes the role. */
  readonly purpose: RolePurpose;
  /** The service that the role must trust. */
  readonly trustedService: string;
  /** AWS managed policies to attach. */
  readonly managedPolicies: string[];
  /**
   * IAM statements as JSON. Values that are known only after deployment are written `<LogicalId.Attribute>`.
   */
  readonly statements: object[];
}

const WILDCARD_REASON =
  'Object keys, task ids and log streams are not known in advance; ecr:GetAuthorizationToken has no resource.';

/**
 * A role with exactly the statements that are granted to it, by the constructs of this package and by you.
 * With existing `roles` it creates nothing, and only lists the statements.
 */
export class WorkRole extends Construct implements IGrantable {
  /** Returns what every work role under a construct must allow. */
  static requiredPermissions(scope: IConstruct): RequiredPermissions[] {
    return scope.node
      .findAll()
      .filter((node): node is WorkRole => node instanceof WorkRole)
      .map((role) => role.required());
  }

  /** The role. Grants do not change it. */
  readonly role: IRole;
  /** The principal to which CDK grants such as `bucket.grantRead(taskRole)` add their statements. */
  readonly grantPrincipal: IPrincipal;
  /**
   * The role's policy; `undefined` with existing `roles`. Resources that assume the role should depend on it.
   */
  readonly policy: Policy | undefined;
  readonly #props: WorkRoleProps;
  readonly #statements: PolicyStatement[] = [];

  constructor(scope: Construct, id: string, props: WorkRoleProps) {
    super(scope, id);
    this.#props = props;
    if (props.roles !== undefined) {
      this.role = props.roles.forPurpose(props.purpose);
      this.grantPrincipal = new StatementPrincipal(this, (statement) => this.#add([statement]));
      return;
    }
    const role = props.role ?? this.#createRole();
    this.role = role instanceof Role ? role.withoutPolicyUpdates() : role;
    this.grantPrincipal = new StatementPrincipal(this, (statement) => this.#add([statement]));
    // A separate policy, so that a function does not depend on it: with a bucket's notification that would be
    // a cycle.
    if (props.managedPolicies === undefined) this.policy = new Policy(this, 'Policy', { roles: [role] });
  }

  /** Grants statements to the role. Wildcards in their resources are acknowledged for cdk-nag. */
  grant(...statements: PolicyStatement[]): void {
    this.#add(statements);
    const { policy } = this;
    if (policy === undefined) return;
    for (const finding of statements.flatMap((statement) => wildcards(this, statement))) {
      acknowledge(policy, `AwsSolutions-IAM5[${finding}]`, WILDCARD_REASON);
    }
  }

  #add(statements: readonly PolicyStatement[]): void {
    this.#statements.push(...statements);
    this.policy?.addStatements(...statements);
  }

  /** Returns what the role must allow. */
  required(): RequiredPermissions {
    const { purpose, service, managedPolicies = [] } = this.#props;
    const statements = this.#statements.map((statement) => flatten(plain(this, statement)) as object);
    return { purpose, trustedService: service, managedPolicies, statements };
  }

  #createRole(): Role {
    const { service, managedPolicies = [] } = this.#props;
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal(service),
      managedPolicies: managedPolicies.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    for (const name of managedPolicies) {
      acknowledge(
        role,
        `AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`,
        'AWS updates this policy with what AWS Backup needs; a copy of it would become outdated.',
      );
    }
    return role;
  }
}

/** The role as a grantee: each granted statement is added to the `WorkRole`. */
class StatementPrincipal implements IPrincipal {
  readonly grantPrincipal: IPrincipal = this;
  readonly assumeRoleAction: string = 'sts:AssumeRole';
  readonly #work: WorkRole;
  readonly #add: (statement: PolicyStatement) => void;

  constructor(work: WorkRole, add: (statement: PolicyStatement) => void) {
    this.#work = work;
    this.#add = add;
  }

  get policyFragment(): PrincipalPolicyFragment {
    return this.#work.role.policyFragment;
  }

  get principalAccount(): string | undefined {
    return this.#work.role.principalAccount;
  }

  addToPolicy(statement: PolicyStatement): boolean {
    return this.addToPrincipalPolicy(statement).statementAdded;
  }

  addToPrincipalPolicy(statement: PolicyStatement): AddToPrincipalPolicyResult {
    this.#add(statement);
    const { policy } = this.#work;
    return { statementAdded: true, ...(policy === undefined ? {} : { policyDependable: policy }) };
  }
}

interface PlainStatement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

function plain(scope: Construct, statement: PolicyStatement): PlainStatement {
  return Stack.of(scope).resolve(statement.toStatementJson()) as PlainStatement;
}

/** The ids of the findings that cdk-nag reports for a statement. */
function wildcards(scope: Construct, statement: PolicyStatement): string[] {
  const { Resource: resources } = plain(scope, statement);
  return [resources]
    .flat()
    .map((resource) => String(flatten(resource)))
    .filter((resource) => resource.includes('*'))
    .map((resource) => `Resource::${resource}`);
}

/** Writes CloudFormation's references as `<LogicalId.Attribute>`. */
function flatten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(flatten);
  if (typeof value !== 'object' || value === null) return value;
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = value as Record<string, unknown>;
  if (typeof ref === 'string') return `<${ref}>`;
  if (Array.isArray(attribute)) return `<${attribute.join('.')}>`;
  if (Array.isArray(join)) return (join[1] as unknown[]).map(flatten).join(String(join[0]));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, flatten(part)]));
}
