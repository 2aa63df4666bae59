import { Aws, Duration, Fn, Names, type RemovalPolicy } from 'aws-cdk-lib';
import {
  BackupPlan,
  BackupPlanRule,
  BackupResource,
  BackupSelection,
  BackupVault,
  type IBackupPlan,
  type IBackupVault,
} from 'aws-cdk-lib/aws-backup';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Architecture, type IFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { anything, checkProps, type PropChecks, required } from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';
import { inlineCode } from './inline/inline-code.ts';
import { BACKUP_EVENT_LOGGER } from './inline/minified.ts';
import { KEPT } from './kept.ts';
import { createLogGroup, writeLog } from './log-group.ts';
import { createRunbookAlarm } from './runbook-alarm.ts';
import { WorkRole } from './work-role.ts';

/** How a table is backed up. */
export interface TableBackupOptions {
  /** Where backups are kept. @default - a new vault, kept when the stack goes */
  readonly vault?: IBackupVault;
  /** A plan of yours, to which the table is added; say its `vault`, too, whose jobs are watched. @default - a new plan */
  readonly plan?: IBackupPlan;
  /** Of the new plan. @default - daily at 05:00 UTC, kept 35 days */
  readonly rules?: BackupPlanRule[];
  /** An alarm fires when no backup was finished for this long, in hours; keep it above the plan's interval. @default 26 */
  readonly maxAgeHours?: number;
  /**
   * Writes backup events to `logGroup` instead of our Lambda: JSON lines with the job's `state`, which the alarms count.
   * @default - a new Lambda, whose code is in the template
   */
  readonly logger?: IFunction;
  /** Where the logger writes. @default - a new log of 30 days */
  readonly logGroup?: ILogGroup;
  /** A rule of this app that matches the vault's job events already, and calls the logger, too. @default - a new rule */
  readonly rule?: Rule;
}

/** Properties of {@link TableBackup}. */
export interface TableBackupProps extends TableBackupOptions {
  /** What is backed up. */
  readonly table: ITable;
  /** Roles that are there already; then no role is made. @default - new roles with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** Gets the alarms of failed and of missing backups; one of another app must let CloudWatch publish. @default - no alarm is sent */
  readonly alarmTopic?: ITopic | undefined;
  /** For the new vault. @default - a key of AWS */
  readonly encryptionKey?: IKey | undefined;
  /** For the new vault. @default - kept, unless the creation of the stack is rolled back */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/** Ends that are no backup. */
const FAILED_STATES = ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'];

/**
 * Backs a table up on a schedule, writes each backup job's event to CloudWatch Logs by a small Lambda, and raises an alarm when a backup
 * fails, and when none was finished in time.
 *
 * @example
 * new TableBackup(this, 'Backup', { table, alarmTopic });
 */
export class TableBackup extends Construct {
  readonly vault: IBackupVault;
  readonly plan: IBackupPlan;
  /** What the plan backs up: the table. */
  readonly selection: BackupSelection;
  /** Of AWS Backup. */
  readonly role: WorkRole;
  readonly logger: IFunction;
  /** Absent when a logger was given. */
  readonly loggerRole: WorkRole | undefined;
  readonly logGroup: ILogGroup;
  /** Calls the logger. */
  readonly rule: Rule;
  readonly failedAlarm: Alarm;
  readonly missingAlarm: Alarm;

  /** @throws Error for options that need each other, or of which one would be ignored */
  constructor(scope: Construct, id: string, props: TableBackupProps) {
    super(scope, id);
    checkProps('TableBackup', props, CHECKS);
    refuseContradictions(props);
    const { table, roles, encryptionKey, removalPolicy = KEPT } = props;
    this.vault =
      props.vault ??
      new BackupVault(this, 'Vault', {
        backupVaultName: vaultName(this),
        removalPolicy,
        ...(encryptionKey === undefined ? {} : { encryptionKey }),
      });
    this.plan =
      props.plan ??
      new BackupPlan(this, 'Plan', {
        backupVault: this.vault,
        backupPlanRules: [...(props.rules ?? [daily()])],
      });
    this.role = new WorkRole(this, 'BackupRole', {
      purpose: 'backup',
      service: 'backup.amazonaws.com',
      roles,
      managedPolicies: ['service-role/AWSBackupServiceRolePolicyForBackup'],
    });
    this.selection = new BackupSelection(this, 'Table', {
      backupPlan: this.plan,
      role: this.role.role,
      resources: [BackupResource.fromArn(table.tableArn)],
      // The CDK would attach the managed policy to the role itself.
      disableDefaultBackupPolicy: true,
    });
    this.logGroup = props.logGroup ?? createLogGroup(this, 'Log');
    this.loggerRole = props.logger === undefined ? this.#createLoggerRole(props) : undefined;
    this.logger = props.logger ?? this.#createLogger();
    this.rule = props.rule ?? this.#createRule();
    this.rule.addTarget(new LambdaTarget(this.logger));
    [this.failedAlarm, this.missingAlarm] = this.#createAlarms(props);
  }

  #createLoggerRole({ roles }: TableBackupProps): WorkRole {
    const role = new WorkRole(this, 'LoggerRole', {
      purpose: 'backupLog',
      service: 'lambda.amazonaws.com',
      roles,
    });
    role.grant(writeLog(this.logGroup));
    return role;
  }

  #createLogger(): LambdaFunction {
    return new LambdaFunction(this, 'Logger', {
      description: 'Writes backup job events to the log.',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: inlineCode(BACKUP_EVENT_LOGGER),
      ...(this.loggerRole === undefined ? {} : { role: this.loggerRole.role }),
      timeout: Duration.seconds(10),
      logGroup: this.logGroup,
    });
  }

  #createRule(): Rule {
    return new Rule(this, 'JobEvents', {
      eventPattern: {
        source: ['aws.backup'],
        detailType: ['Backup Job State Change'],
        detail: { backupVaultArn: [this.vault.backupVaultArn] },
      },
    });
  }

  #createAlarms({ maxAgeHours = 26, alarmTopic: topic }: TableBackupProps): [Alarm, Alarm] {
    if (!(Number.isInteger(maxAgeHours) && maxAgeHours >= 2 && maxAgeHours <= 168)) {
      // CloudWatch looks back seven days at most.
      throw new Error(`Expected maxAgeHours from 2 to 168, got ${maxAgeHours}.`);
    }
    const failed = createRunbookAlarm(this, 'Failed', {
      metric: this.#jobs('Failed', FAILED_STATES),
      why: 'a backup job of the results table failed, was stopped, or is not whole.',
      action:
        'read statusMessage in the backup log; start a backup on demand in the vault when the reason is gone.',
      topic,
    });
    const missing = createRunbookAlarm(this, 'Missing', {
      metric: this.#jobs('Completed', ['COMPLETED']),
      below: true,
      periods: maxAgeHours,
      missingIsBad: true,
      why: `no backup of the results table was finished for ${maxAgeHours} hours.`,
      action:
        'see whether the backup plan still selects the table and its role may back it up; start a backup on demand. Normal on the first day.',
      topic,
    });
    return [failed, missing];
  }

  /** Counts the log's lines: its form is ours, and it says the same in every region. */
  #jobs(name: string, states: readonly string[]): Metric {
    const filter = this.logGroup.addMetricFilter(name, {
      filterPattern: FilterPattern.any(
        ...states.map((state) => FilterPattern.stringValue('$.state', '=', state)),
      ),
      metricNamespace: 'WordFreq/Backup',
      metricName: `${name}-${Names.nodeUniqueId(this.node).slice(-32)}`,
      metricValue: '1',
    });
    return filter.metric({ statistic: 'Sum', period: Duration.hours(1) });
  }
}

/**
 * A vault must have a name, and is kept when its stack goes. With a part of the stack's id the name is not in the way when the stack is made
 * again. At most 50 characters.
 */
function vaultName(scope: Construct): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${Names.uniqueResourceName(scope, { maxLength: 41 })}-${Fn.select(0, Fn.split('-', stackUuid))}`;
}

const CHECKS: PropChecks<TableBackupProps> = {
  vault: anything,
  plan: anything,
  rules: anything,
  maxAgeHours: anything,
  logger: anything,
  logGroup: anything,
  rule: anything,
  table: required('the table that is backed up'),
  roles: anything,
  alarmTopic: anything,
  encryptionKey: anything,
  removalPolicy: anything,
};

function refuseContradictions({ plan, vault, rules, logger, logGroup }: TableBackupOptions): void {
  if (plan !== undefined && vault === undefined) {
    throw new Error('Expected "vault" with "plan": the one that the plan fills, whose jobs are watched.');
  }
  if (plan !== undefined && rules !== undefined) {
    throw new Error('Expected "plan" or "rules", got both: an existing plan cannot be changed.');
  }
  if (logger !== undefined && logGroup === undefined) {
    throw new Error('Expected "logGroup" with "logger": the one that it writes, which the alarms read.');
  }
}

function daily(): BackupPlanRule {
  return new BackupPlanRule({
    ruleName: 'daily',
    scheduleExpression: Schedule.cron({ hour: '5', minute: '0' }),
    startWindow: Duration.hours(1),
    completionWindow: Duration.hours(6),
    deleteAfter: Duration.days(35),
  });
}
