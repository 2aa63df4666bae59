import { type IRole, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** The five parts of the pipeline that assume a role. */
export type RolePurpose = 'task' | 'execution' | 'copy' | 'backup' | 'backupLog';

/** An existing role for each purpose. */
export interface ExistingRolesProps {
  /** The task role: what the worker itself may do. Must trust `ecs-tasks.amazonaws.com`. */
  readonly task: IRole;
  /**
   * The task execution role, which pulls the image and writes the log. Must trust `ecs-tasks.amazonaws.com`.
   */
  readonly execution: IRole;
  /** The role of the copy Lambda. Must trust `lambda.amazonaws.com`. */
  readonly copy: IRole;
  /** The role of AWS Backup, needed only if backups are on. Must trust `backup.amazonaws.com`. */
  readonly backup: IRole;
  /** The role of the Lambda that logs backup events. Must trust `lambda.amazonaws.com`. */
  readonly backupLog: IRole;
}

/**
 * Existing roles, for accounts where none may be created. With them the constructs of this package create no
 * `AWS::IAM::*` resource and change no role. `WordFreqPipeline.requiredPermissions` lists what the roles must
 * allow.
 *
 * @example
 * new WordFreqPipeline(this, 'WordFreq', { image, roles: ExistingRoles.fromName(this, 'LabRole') });
 */
export class ExistingRoles {
  /** Uses one role for every purpose. */
  static all(role: IRole): ExistingRoles {
    return new ExistingRoles({ task: role, execution: role, copy: role, backup: role, backupLog: role });
  }

  /** Uses one role of this account, by its name, for every purpose. */
  static fromName(scope: Construct, roleName: string): ExistingRoles {
    const id = `ExistingRole-${roleName}`;
    const imported = scope.node.tryFindChild(id) as IRole | undefined;
    return ExistingRoles.all(imported ?? Role.fromRoleName(scope, id, roleName, { mutable: false }));
  }

  /** Uses a separate role for each purpose. */
  static of(roles: ExistingRolesProps): ExistingRoles {
    return new ExistingRoles(roles);
  }

  readonly #roles: ExistingRolesProps;

  private constructor(roles: ExistingRolesProps) {
    this.#roles = roles;
  }

  /** Returns the role for a purpose. Grants do not change it. */
  forPurpose(purpose: RolePurpose): IRole {
    return frozen(this.#roles[purpose]);
  }
}

/** The first grant to a mutable import would create an `AWS::IAM::Policy`. */
function frozen(role: IRole): IRole {
  const id = 'WithoutPolicyUpdates';
  const made = role.node.tryFindChild(id) as IRole | undefined;
  return made ?? Role.fromRoleArn(role as unknown as Construct, id, role.roleArn, { mutable: false });
}
