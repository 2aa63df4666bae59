import { Aws, Duration, Fn, Names } from 'aws-cdk-lib';
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
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Architecture, type IFunction, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, type ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { inlineCode } from './inline/inline-code.ts';
import { BACKUP_EVENT_LOGGER } from './inline/minified.ts';
import { KEPT } from './kept.ts';
import { createLogGroup, writeLog } from './log-group.ts';
import { createRunbookAlarm } from './runbook-alarm.ts';
import { type TableBackupProps, validateProps } from './table-backup-props.ts';
import { WorkRole } from './work-role.ts';

/** Final states of a job that produced no complete backup. */
const FAILED_STATES = ['FAILED', 'ABORTED', 'EXPIRED', 'PARTIAL'];

/**
 * Backs up a table on a schedule. A small Lambda writes the events of backup jobs to CloudWatch Logs. Alarms
 * fire when a backup fails, and when none has finished in time.
 *
 * @example
 * new TableBackup(this, 'Backup', { table, alarmTopic });
 */
export class TableBackup extends Construct {
  /** The vault for backups: the given one, or a new one. */
  readonly vault: IBackupVault;
  /** The backup plan: the given one, or a new one. */
  readonly plan: IBackupPlan;
  /** The selection that adds the table to the plan. */
  readonly selection: BackupSelection;
  /** The role of AWS Backup. */
  readonly role: WorkRole;
  /** The function that logs backup events: the given one, or a new one. */
  readonly logger: IFunction;
  /** The role of a new logger; `undefined` for a given one. */
  readonly loggerRole: WorkRole | undefined;
  /** The logger's log group. */
  readonly logGroup: ILogGroup;
  /** The rule that invokes the logger. */
  readonly rule: Rule;
  /** Fires when a backup fails. */
  readonly failedAlarm: Alarm;
  /** Fires when no backup has finished in time. */
  readonly missingAlarm: Alarm;

  /** @throws Error for options that need each other, or of which one would be ignored */
  constructor(scope: Construct, id: string, props: TableBackupProps) {
    super(scope, id);
    validateProps(props);
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
      description: 'Logs the events of backup jobs.',
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
      // CloudWatch evaluates at most the last seven days.
      throw new Error(`Expected maxAgeHours from 2 to 168, got ${maxAgeHours}.`);
    }
    const failed = createRunbookAlarm(this, 'Failed', {
      section: 'BackupFailed',
      metric: this.#jobs('Failed', FAILED_STATES),
      why: 'a backup job of the results table failed, was stopped, or is partial.',
      action:
        'read statusMessage in the backup log; when the cause is fixed, start a backup on demand in the vault.',
      topic,
    });
    const missing = createRunbookAlarm(this, 'Missing', {
      section: 'BackupMissing',
      metric: this.#jobs('Completed', ['COMPLETED']),
      below: true,
      periods: maxAgeHours,
      fireOnMissingData: true,
      why: `no backup of the results table has finished for ${maxAgeHours} hours.`,
      action:
        'check that the backup plan still selects the table and that its role may back it up; start a backup on demand. Normal on the first day.',
      topic,
    });
    return [failed, missing];
  }

  /** Counts lines of the log, because their format is the same in every Region. */
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
 * A vault needs a name of at most 50 characters, and is retained when its stack is deleted. The name includes
 * a part of the stack's id, so that it does not conflict when the stack is created again.
 */
function vaultName(scope: Construct): string {
  const stackUuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `${Names.uniqueResourceName(scope, { maxLength: 41 })}-${Fn.select(0, Fn.split('-', stackUuid))}`;
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
