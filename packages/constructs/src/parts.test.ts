import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import { Duration } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerInsights, Secret as EcsSecret } from 'aws-cdk-lib/aws-ecs';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type Synthesized, synthesize } from '../test/support/synthesize.ts';
import {
  BacklogScaling,
  type BacklogScalingOptions,
  ExistingRoles,
  MonthlyBudget,
  QueueWorkerService,
  ResultStore,
  TableBackup,
  WorkerImage,
  WorkerNetwork,
  WorkRole,
} from './index.ts';

const IMAGE = WorkerImage.fromRegistry('public.ecr.aws/acme/resizer:3');

function workers(options: Partial<ConstructorParameters<typeof QueueWorkerService>[2]> = {}): Synthesized {
  return synthesize((stack) => {
    new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image: IMAGE, ...options });
  });
}

const scaled = (scaling: BacklogScalingOptions): Synthesized => workers({ scaling });

function expressionOf({ resources }: Synthesized): unknown {
  const policy = [...resources.values()].find(
    ({ Type, Properties }) =>
      Type.endsWith('ScalingPolicy') && Properties?.['PolicyType'] === 'TargetTrackingScaling',
  );
  return JSON.parse(JSON.stringify(policy)).Properties.TargetTrackingScalingPolicyConfiguration
    .CustomizedMetricSpecification.Metrics[0].Expression;
}

describe(BacklogScaling, () => {
  it('counts waiting and in-flight messages per running task, and never divides by zero', () => {
    expect(
      expressionOf(scaled({ jobDuration: Duration.seconds(15), drainTarget: Duration.minutes(5) })),
    ).toBe(
      '(visible * 0.05 + inflight * 1) / ((visible >= 0) * (running + ((visible * 0 + running + inflight + received + empty) < 1)))',
    );
  });

  it.each([
    [{ concurrency: 4, jobDuration: Duration.seconds(3) }, 'visible * 0.0025 + inflight * 0.25'],
    [
      { jobDuration: Duration.millis(1500), drainTarget: Duration.hours(1) },
      'visible * 0.000416667 + inflight * 1',
    ],
    [{ jobDuration: Duration.hours(2), drainTarget: Duration.minutes(5) }, 'visible * 24 + inflight * 1'],
  ])('writes numbers as plain decimals: %j', (scaling, expected) => {
    expect(expressionOf(scaled(scaling))).toContain(`(${expected})`);
  });

  it('scales out again only when the tasks of the last step must have been reported', () => {
    scaled({}).template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      TargetTrackingScalingPolicyConfiguration: { ScaleOutCooldown: 360, ScaleInCooldown: 300 },
    });
  });

  it('starts the first task at the first message', () => {
    const { template } = scaled({});
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      MinCapacity: 0,
      MaxCapacity: 10,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('FirstTask') }],
      EvaluationPeriods: 1,
      Metrics: Match.arrayWith([
        Match.objectLike({ Expression: '(visible > 0) AND (running < TIME_SERIES(1))' }),
      ]),
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalingPolicy', {
      PolicyType: 'StepScaling',
      StepScalingPolicyConfiguration: {
        StepAdjustments: [{ MetricIntervalLowerBound: 0, ScalingAdjustment: 1 }],
      },
    });
  });

  it('creates no wake-up alarm if a task is always running', () => {
    scaled({ minTasks: 1 }).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('also counts running tasks without Container Insights', () => {
    scaled({ runningTasks: 'cpu-samples' }).template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Metrics: Match.arrayWith([
        Match.objectLike({
          MetricStat: Match.objectLike({
            Stat: 'SampleCount',
            Metric: Match.objectLike({ Namespace: 'AWS/ECS', MetricName: 'CPUUtilization' }),
          }),
        }),
      ]),
    });
  });

  it.each([
    [{ minTasks: -1 }, 'minTasks of at least 0, got -1'],
    [{ minTasks: 3, maxTasks: 2 }, 'maxTasks of at least 3, got 2'],
    [{ concurrency: 0 }, 'concurrency of at least 1, got 0'],
    [{ drainTarget: Duration.seconds(0) }, 'a drainTarget above 0'],
  ])('refuses %j', (scaling, message) => {
    expect(() => scaled(scaling)).toThrow(message);
  });
});

describe(QueueWorkerService, () => {
  it('runs ARM64 tasks, one on demand and then four of five on Spot', () => {
    const { template } = workers();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RuntimePlatform: { CpuArchitecture: 'ARM64', OperatingSystemFamily: 'LINUX' },
      ContainerDefinitions: [
        Match.objectLike({
          ReadonlyRootFilesystem: true,
          StopTimeout: 120,
          LinuxParameters: Match.objectLike({ InitProcessEnabled: true }),
          LogConfiguration: Match.objectLike({ Options: Match.objectLike({ mode: 'non-blocking' }) }),
        }),
      ],
    });
    template.hasResource('AWS::ECS::Service', {
      Properties: {
        DesiredCount: Match.absent(),
        CapacityProviderStrategy: [
          { CapacityProvider: 'FARGATE', Base: 1, Weight: 1 },
          { CapacityProvider: 'FARGATE_SPOT', Weight: 4 },
        ],
        DeploymentConfiguration: Match.objectLike({
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        }),
      },
      // Created too early the service has no capacity provider; deleted too late the provider is in use.
      DependsOn: Match.arrayWith([
        Match.stringLikeRegexp('CapacityProviders'),
        Match.stringLikeRegexp('ExecutionRolePolicy'),
        Match.stringLikeRegexp('TaskRolePolicy'),
      ]),
    });
  });

  it('lets a task protect itself, and allows no other call of ECS', () => {
    const protect = Match.objectLike({ Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'] });
    workers().template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([protect]) }),
    });
    expect(JSON.stringify(workers({ taskProtection: false }).template.toJSON())).not.toContain(
      'TaskProtection',
    );
  });

  it('allows no inbound traffic, and uses what is given', () => {
    const { template } = workers({ spotWeight: 0, initialTasks: 0, containerProps: { user: '1000' } });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
    template.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: 0,
      CapacityProviderStrategy: [Match.objectLike({ CapacityProvider: 'FARGATE' })],
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [Match.objectLike({ User: '1000' })],
    });
  });

  it('sees running tasks without Container Insights, so that it does not start more and more', () => {
    const source = (options: Parameters<typeof workers>[0]) =>
      /"Namespace":"(ECS\/ContainerInsights|AWS\/ECS)"/.exec(JSON.stringify(workers(options).template))?.[1];
    expect(source({})).toBe('ECS/ContainerInsights');
    const { DISABLED: containerInsights } = ContainerInsights;
    expect(source({ containerInsights })).toBe('AWS/ECS');
    const scaling = { runningTasks: 'container-insights' } as const;
    expect(() => workers({ containerInsights, scaling })).toThrow('otherwise no task is seen');
    const { template } = synthesize((stack) => {
      const cluster = Cluster.fromClusterAttributes(stack, 'Theirs', {
        clusterName: 'theirs',
        vpc: new Vpc(stack, 'Vpc'),
      });
      const queue = new Queue(stack, 'Jobs');
      new QueueWorkerService(stack, 'Workers', { queue, image: IMAGE, cluster });
      expect(
        () => new QueueWorkerService(stack, 'No', { queue, image: IMAGE, cluster, containerInsights }),
      ).toThrow('got both');
    });
    expect(JSON.stringify(template)).not.toContain('ECS/ContainerInsights');
  });

  it('lets its execution role read the container’s secrets, and takes grants of the CDK', () => {
    const { template } = synthesize((stack) => {
      const secret = new Secret(stack, 'Password');
      const { taskRole } = new QueueWorkerService(stack, 'Workers', {
        queue: new Queue(stack, 'Jobs'),
        image: IMAGE,
        containerProps: { secrets: { PASSWORD: EcsSecret.fromSecretsManager(secret) } },
      });
      const lookup = new Bucket(stack, 'Lookup');
      lookup.grantRead(taskRole);
    });
    for (const [action, role] of [
      ['secretsmanager:GetSecretValue', 'ExecutionRole'],
      ['s3:GetObject*', 'TaskRole'],
    ] as const) {
      template.hasResourceProperties('AWS::IAM::Policy', {
        PolicyDocument: Match.objectLike({
          Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith([action]) })]),
        }),
        Roles: [{ Ref: Match.stringLikeRegexp(role) }],
      });
    }
  });

  it.each([
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/worker:1', '123456789012'],
    ['210987654321.dkr-ecr.eu-central-1.on.aws/team/worker@sha256:abc', '210987654321'],
  ])('may pull an image of ECR that is given by its whole name: %s', (reference, owner) => {
    const { template } = workers({ image: WorkerImage.fromRegistry(reference) });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['ecr:BatchGetImage']),
            Resource: {
              'Fn::Join': ['', Match.arrayWith([`:ecr:eu-central-1:${owner}:repository/team/worker`])],
            },
          }),
        ]),
      }),
    });
  });

  it('may pull its image from the one repository', () => {
    const { template } = synthesize((stack) => {
      const repository = Repository.fromRepositoryName(stack, 'Repository', 'worker');
      expect(() => WorkerImage.fromEcr(repository, 'latest')).toThrow('names a version');
      const image = WorkerImage.fromEcr(repository, '1.0.0');
      new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image });
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['ecr:BatchGetImage']),
            Resource: { 'Fn::Join': ['', Match.arrayWith([':repository/worker'])] },
          }),
        ]),
      }),
    });
  });
});

describe(WorkerNetwork, () => {
  it.each([
    ['public', 0, 2],
    ['isolated', 0, 7],
    ['nat', 1, 2],
  ] as const)('%s has %i NAT gateways and %i endpoints', (mode, gateways, endpoints) => {
    const { template } = synthesize((stack) => {
      new WorkerNetwork(stack, 'Network', { mode });
    });
    template.resourceCountIs('AWS::EC2::NatGateway', gateways);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', endpoints);
    template.resourceCountIs('AWS::EC2::FlowLog', 1);
  });
});

describe(ResultStore, () => {
  it('creates a protected, recoverable table with the worker’s keys and index, and subscribes an address', () => {
    const { template } = synthesize((stack) => {
      new ResultStore(stack, 'Results', { email: 'team@example.com' });
    });
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'object', KeyType: 'HASH' },
          { AttributeName: 'version', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: createTableInput('results').GlobalSecondaryIndexes,
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
          }),
        ],
      },
    });
    template.resourcePropertiesCountIs('AWS::SNS::Subscription', { Protocol: 'email' }, 2);
  });

  it('rejects properties for an existing resource', () => {
    expect(() =>
      synthesize((stack) => {
        new ResultStore(stack, 'Results', { queue: new Queue(stack, 'Mine'), queueProps: { fifo: false } });
      }),
    ).toThrow('"queue" or "queueProps", got both');
  });
});

describe(TableBackup, () => {
  const build = (maxAgeHours?: number) =>
    synthesize((stack) => {
      const { table } = new ResultStore(stack, 'Results');
      new TableBackup(stack, 'Backup', { table, maxAgeHours });
    });

  it('backs up daily, logs every job event, and alarms on a missing backup', () => {
    const { template } = build();
    template.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: Match.objectLike({
        BackupPlanRule: [
          Match.objectLike({ ScheduleExpression: 'cron(0 5 * * ? *)', Lifecycle: { DeleteAfterDays: 35 } }),
        ],
      }),
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ source: ['aws.backup'], 'detail-type': ['Backup Job State Change'] }),
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
      EvaluationPeriods: 26,
      Period: 3600,
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      TreatMissingData: 'notBreaching',
      Threshold: 1,
    });
  });

  it('rejects an age beyond what CloudWatch evaluates', () => {
    expect(() => build(169)).toThrow('from 2 to 168, got 169');
  });
});

describe(ExistingRoles, () => {
  it('leaves roles unchanged, also those that were imported as mutable', () => {
    const { resources, stack } = synthesize((scope) => {
      const role = Role.fromRoleName(scope, 'Mutable', 'LabRole');
      const queue = new Queue(scope, 'Jobs');
      new QueueWorkerService(scope, 'Workers', { queue, image: IMAGE, roles: ExistingRoles.all(role) });
    });
    expect([...resources.values()].filter(({ Type }) => Type.startsWith('AWS::IAM::'))).toEqual([]);
    const required = WorkRole.requiredPermissions(stack);
    expect(required.map(({ purpose, trustedService }) => [purpose, trustedService])).toEqual([
      ['task', 'ecs-tasks.amazonaws.com'],
      ['execution', 'ecs-tasks.amazonaws.com'],
    ]);
    expect(JSON.stringify(required)).toMatch(/sqs:ReceiveMessage.*<Jobs\w+\.Arn>/);
  });

  it('uses a role by its name in several constructs of a stack', () => {
    const { resources } = synthesize((stack) => {
      for (const id of ['One', 'Two']) {
        const queue = new Queue(stack, `${id}Jobs`);
        new QueueWorkerService(stack, id, {
          queue,
          image: IMAGE,
          roles: ExistingRoles.fromName(stack, 'LabRole'),
        });
      }
    });
    expect([...resources.values()].filter(({ Type }) => Type === 'AWS::ECS::Service')).toHaveLength(2);
  });

  it('lists exactly what new roles would get', () => {
    const statements = (roles: boolean) => {
      const { stack } = synthesize((scope) => {
        new QueueWorkerService(scope, 'Workers', {
          queue: new Queue(scope, 'Jobs'),
          image: IMAGE,
          ...(roles ? { roles: ExistingRoles.fromName(scope, 'LabRole') } : {}),
        });
      });
      return WorkRole.requiredPermissions(stack);
    };
    expect(statements(true)).toEqual(statements(false));
  });
});

describe(MonthlyBudget, () => {
  it('sends mail at 80 % of the limit and at a forecast above it', () => {
    const { template } = synthesize((stack) => {
      new MonthlyBudget(stack, 'Budget', { limitUsd: 20, email: 'team@example.com' });
      expect(() => new MonthlyBudget(stack, 'None', { limitUsd: 0, email: 'a@example.com' })).toThrow(
        'above 0',
      );
    });
    template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: Match.objectLike({ BudgetLimit: { Amount: 20, Unit: 'USD' } }),
      NotificationsWithSubscribers: [
        Match.objectLike({ Notification: Match.objectLike({ NotificationType: 'ACTUAL', Threshold: 80 }) }),
        Match.objectLike({
          Notification: Match.objectLike({ NotificationType: 'FORECASTED', Threshold: 100 }),
        }),
      ],
    });
  });
});
