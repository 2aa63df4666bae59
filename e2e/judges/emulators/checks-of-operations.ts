import { type Check, only, type Properties, withSmallInitials } from './check.ts';

const first = (list: unknown): Properties => (list as Properties[])[0] ?? {};

/** Workers, results, alarms, scaling, backups. */
export const OPERATIONS_CHECKS: Readonly<Record<string, Check>> = {
  'AWS::DynamoDB::GlobalTable': {
    expected: ({ Replicas, ...properties }) => {
      const { DeletionProtectionEnabled, PointInTimeRecoverySpecification } = first(Replicas);
      return {
        ...only('AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'BillingMode')(properties),
        DeletionProtectionEnabled,
        PointInTimeRecoverySpecification: only('PointInTimeRecoveryEnabled')(
          PointInTimeRecoverySpecification as Properties,
        ),
      };
    },
    async read(boto3, TableName) {
      const { Table } = await boto3.call<{ Table: Properties }>('dynamodb', 'describe_table', { TableName });
      const backups = await boto3.call<{
        ContinuousBackupsDescription: Record<string, Properties>;
      }>('dynamodb', 'describe_continuous_backups', { TableName });
      const recovery = backups.ContinuousBackupsDescription['PointInTimeRecoveryDescription'];
      return {
        ...Table,
        BillingMode: (Table['BillingModeSummary'] as Properties)['BillingMode'],
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: recovery?.['PointInTimeRecoveryStatus'] === 'ENABLED',
        },
      };
    },
    async make(boto3, { Replicas }, TableName) {
      const { PointInTimeRecoverySpecification, DeletionProtectionEnabled } = first(Replicas);
      await boto3.call('dynamodb', 'update_continuous_backups', {
        TableName,
        PointInTimeRecoverySpecification,
      });
      await boto3.call('dynamodb', 'update_table', { TableName, DeletionProtectionEnabled });
    },
  },
  'AWS::ECS::TaskDefinition': {
    expected: ({ ContainerDefinitions }) => ({ Environment: first(ContainerDefinitions)['Environment'] }),
    async read(boto3, taskDefinition) {
      const reply = await boto3.call<{
        taskDefinition: { containerDefinitions: { environment: { name: string; value: string }[] }[] };
      }>('ecs', 'describe_task_definition', { taskDefinition });
      const [container] = reply.taskDefinition.containerDefinitions;
      return { Environment: container?.environment.map(({ name, value }) => ({ Name: name, Value: value })) };
    },
  },
  'AWS::CloudWatch::Alarm': {
    expected: (properties) =>
      // Names are CloudFormation's to choose, and descriptions are for people.
      Object.fromEntries(
        Object.entries(properties).filter(([name]) => !/^(AlarmDescription|Tags)$/.test(name)),
      ),
    async read(boto3, name) {
      const AlarmNames = [name];
      const reply = await boto3.call('cloudwatch', 'describe_alarms', { AlarmNames });
      return first(reply['MetricAlarms']);
    },
    make: (boto3, properties, AlarmName) =>
      boto3.call('cloudwatch', 'put_metric_alarm', { AlarmName, ...properties }),
  },
  'AWS::Logs::LogGroup': {
    expected: only('RetentionInDays'),
    async read(boto3, logGroupNamePrefix) {
      const { logGroups } = await boto3.call('logs', 'describe_log_groups', { logGroupNamePrefix });
      return { RetentionInDays: first(logGroups)['retentionInDays'] };
    },
  },
  'AWS::Logs::MetricFilter': {
    expected: only('FilterPattern', 'MetricTransformations'),
    async read(boto3, _, { LogGroupName, FilterPattern: wanted }) {
      const { metricFilters } = await boto3.call<{ metricFilters: Properties[] }>(
        'logs',
        'describe_metric_filters',
        { logGroupName: LogGroupName },
      );
      const found = metricFilters.find(({ filterPattern }) => filterPattern === wanted) ?? {};
      const transformations = (found['metricTransformations'] ?? []) as Properties[];
      return {
        FilterPattern: found['filterPattern'],
        MetricTransformations: transformations.map(({ metricName, metricNamespace, metricValue }) => ({
          MetricName: metricName,
          MetricNamespace: metricNamespace,
          MetricValue: metricValue,
        })),
      };
    },
    make: (boto3, { LogGroupName, FilterPattern, MetricTransformations }, filterName) =>
      boto3.call('logs', 'put_metric_filter', {
        logGroupName: LogGroupName,
        filterName,
        filterPattern: FilterPattern,
        metricTransformations: withSmallInitials(MetricTransformations),
      }),
  },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    expected: only('MinCapacity', 'MaxCapacity', 'ScalableDimension'),
    async read(boto3, _, { ResourceId, ServiceNamespace }) {
      const { ScalableTargets } = await boto3.call('application-autoscaling', 'describe_scalable_targets', {
        ServiceNamespace,
        ResourceIds: [ResourceId],
      });
      return first(ScalableTargets);
    },
    async make(boto3, properties) {
      await boto3.call('application-autoscaling', 'register_scalable_target', properties);
      const { ResourceId, ScalableDimension, ServiceNamespace } = properties;
      return { references: { Ref: [ResourceId, ScalableDimension, ServiceNamespace].join('|') } };
    },
  },
  'AWS::ApplicationAutoScaling::ScalingPolicy': {
    expected: only('StepScalingPolicyConfiguration', 'TargetTrackingScalingPolicyConfiguration'),
    async read(boto3, _, { PolicyName, ScalingTargetId }) {
      const [ResourceId, , ServiceNamespace] = String(ScalingTargetId).split('|');
      const { ScalingPolicies } = await boto3.call('application-autoscaling', 'describe_scaling_policies', {
        ServiceNamespace,
        ResourceId,
      });
      return (ScalingPolicies as Properties[]).find((policy) => policy['PolicyName'] === PolicyName) ?? {};
    },
    async make(boto3, { ScalingTargetId, ...properties }) {
      const [ResourceId, ScalableDimension, ServiceNamespace] = String(ScalingTargetId).split('|');
      const target = { ResourceId, ScalableDimension, ServiceNamespace };
      const policy = { ...properties, ...target };
      const { PolicyARN } = await boto3.call<{ PolicyARN: string }>(
        'application-autoscaling',
        'put_scaling_policy',
        policy,
      );
      return { references: { Ref: PolicyARN } };
    },
  },
  'AWS::Backup::BackupVault': {
    expected: only('BackupVaultName'),
    read: (boto3, _, { BackupVaultName }) =>
      boto3.call('backup', 'describe_backup_vault', { BackupVaultName }),
    async make(boto3, { BackupVaultName }) {
      await boto3.call('backup', 'create_backup_vault', { BackupVaultName });
      return { references: { BackupVaultName: String(BackupVaultName) } };
    },
  },
  'AWS::Backup::BackupPlan': {
    expected: ({ BackupPlan }) => {
      const { BackupPlanName, BackupPlanRule } = BackupPlan as { BackupPlanRule: Properties[] } & Properties;
      const rules = BackupPlanRule.map(only('RuleName', 'ScheduleExpression', 'Lifecycle'));
      return { BackupPlanName, Rules: rules };
    },
    async read(boto3, BackupPlanId) {
      const { BackupPlan } = await boto3.call('backup', 'get_backup_plan', { BackupPlanId });
      return BackupPlan as Properties;
    },
  },
};
