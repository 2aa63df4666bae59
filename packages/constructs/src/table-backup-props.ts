import type { RemovalPolicy } from 'aws-cdk-lib';
import type { BackupPlanRule, IBackupPlan, IBackupVault } from 'aws-cdk-lib/aws-backup';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Rule } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { anything, checkProps, type PropChecks, required } from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';

/** How a table is backed up. */
export interface TableBackupOptions {
  /** The vault for backups. @default - a new vault, retained when the stack is deleted */
  readonly vault?: IBackupVault;
  /**
   * An existing plan, to which the table is added. Pass its `vault`, too, whose jobs are monitored.
   * @default - a new plan
   */
  readonly plan?: IBackupPlan;
  /** The rules of the new plan. @default - daily at 05:00 UTC, kept for 35 days */
  readonly rules?: BackupPlanRule[];
  /**
   * An alarm fires when no backup has finished for this many hours; keep it above the plan's interval.
   * @default 26
   */
  readonly maxAgeHours?: number;
  /**
   * A function that writes backup events to `logGroup` instead of the built-in one: JSON lines with the job's
   * `state`, which the alarms count.
   * @default - a new Lambda, whose code is in the template
   */
  readonly logger?: IFunction;
  /** The logger's log group. @default - a new log group that keeps 30 days */
  readonly logGroup?: ILogGroup;
  /**
   * An existing rule of this app that matches the vault's job events; it gets the logger as a target.
   * @default - a new rule
   */
  readonly rule?: Rule;
}

/** Properties of {@link TableBackup}. */
export interface TableBackupProps extends TableBackupOptions {
  /** The table to back up. */
  readonly table: ITable;
  /**
   * Existing roles; with them no role is created.
   * @default - new roles with the permissions that are needed
   */
  readonly roles?: ExistingRoles | undefined;
  /**
   * Is notified of failed and missing backups. The policy of a topic from another app must allow CloudWatch
   * to publish.
   * @default - nobody is notified
   */
  readonly alarmTopic?: ITopic | undefined;
  /** Encrypts the new vault. @default - a key of AWS */
  readonly encryptionKey?: IKey | undefined;
  /**
   * The removal policy of the new vault.
   * @default - retained, unless the creation of the stack is rolled back
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const CHECKS: PropChecks<TableBackupProps> = {
  vault: anything,
  plan: anything,
  rules: anything,
  maxAgeHours: anything,
  logger: anything,
  logGroup: anything,
  rule: anything,
  table: required('the table to back up'),
  roles: anything,
  alarmTopic: anything,
  encryptionKey: anything,
  removalPolicy: anything,
};

/** @throws Error for options that need each other, or of which one would be ignored */
export function validateProps(props: TableBackupProps): void {
  checkProps('TableBackup', props, CHECKS);
  const { plan, vault, rules, logger, logGroup } = props;
  if (plan !== undefined && vault === undefined) {
    throw new Error('Expected "vault" with "plan": the vault that the plan uses, whose jobs are monitored.');
  }
  if (plan !== undefined && rules !== undefined) {
    throw new Error('Expected "plan" or "rules", got both: an existing plan cannot be changed.');
  }
  if (logger !== undefined && logGroup === undefined) {
    throw new Error(
      'Expected "logGroup" with "logger": the log group that it writes to, which the alarms read.',
    );
  }
}
