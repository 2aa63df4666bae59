import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The five things of the pipeline that act with a role. */
export type RolePurpose = 'task' | 'execution' | 'copy' | 'backup' | 'backupLog';

/** One role for each purpose. */
export interface ExistingRolesProps {
  /** What the worker itself may do; trusted by `ecs-tasks.amazonaws.com`. */
  readonly task: IRole;
  /** Pulls the image and writes the log; trusted by `ecs-tasks.amazonaws.com`. */
  readonly execution: IRole;
  /** The copy Lambda; trusted by `lambda.amazonaws.com`. */
  readonly copy: IRole;
  /** AWS Backup; trusted by `backup.amazonaws.com`. Needed only where backups are on. */
  readonly backup: IRole;
  /** The Lambda that logs backup events; trusted by `lambda.amazonaws.com`. */
  readonly backupLog: IRole;
}

/**
 * Roles that are there already, for accounts where none may be created. With them the constructs of this package make no `AWS::IAM::*`
 * resource and change no role: what the roles must allow is told by `WordFreqPipeline.requiredPermissions`.
 *
 * @example
 * new WordFreqPipeline(this, 'WordFreq', { image, roles: ExistingRoles.fromName(this, 'LabRole') });
 */
export class ExistingRoles {
  /** Takes one role for everything. */
  static all(role: IRole): ExistingRoles {
    return new ExistingRoles({ task: role, execution: role, copy: role, backup: role, backupLog: role });
  }

  /** Takes one role of this account, by its name, for everything. */
  static fromName(scope: Construct, roleName: string): ExistingRoles {
    const id = `ExistingRole-${roleName}`;
    const imported = scope.node.tryFindChild(id) as IRole | undefined;
    return ExistingRoles.all(imported ?? Role.fromRoleName(scope, id, roleName, { mutable: false }));
  }

  /** Takes a role for each purpose. */
  static of(roles: ExistingRolesProps): ExistingRoles {
    return new ExistingRoles(roles);
  }

  readonly #roles: ExistingRolesProps;

  private constructor(roles: ExistingRolesProps) {
    this.#roles = roles;
  }

  /** The role for a purpose, which grants leave as it is. */
  forPurpose(purpose: RolePurpose): IRole {
    return frozen(this.#roles[purpose]);
  }
}

/** A mutable import would get an `AWS::IAM::Policy` at its first grant. */
function frozen(role: IRole): IRole {
  const id = 'WithoutPolicyUpdates';
  const made = role.node.tryFindChild(id) as IRole | undefined;
  return made ?? Role.fromRoleArn(role as unknown as Construct, id, role.roleArn, { mutable: false });
}
