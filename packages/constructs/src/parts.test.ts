import { Duration, RemovalPolicy, SecretValue, type Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ListenerCertificate } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { type Synthesized, synthesize } from '../test/support/synthesize.ts';
import {
  BacklogScaling,
  type BacklogScalingOptions,
  ExistingRoles,
  MonthlyBudget,
  type NetworkMode,
  PageLoadBalancer,
  type PageLoadBalancerOptions,
  type PageSignIn,
  QueueWorkerService,
  ResultStore,
  TableBackup,
  UploadCopy,
  WordFreqPipeline,
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
  it('counts work that waits and work in hand, per running task, and never divides by zero', () => {
    expect(
      expressionOf(scaled({ jobDuration: Duration.seconds(15), drainTarget: Duration.minutes(5) })),
    ).toBe(
      '(visible * 0.05 + inflight * 1) / (FILL(running, REPEAT) + (FILL(running, REPEAT) < TIME_SERIES(1)))',
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

  it('needs no alarm where a task always runs', () => {
    scaled({ minTasks: 1 }).template.resourceCountIs('AWS::CloudWatch::Alarm', 0);
  });

  it('counts running tasks without Container Insights, too', () => {
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

  it('lets a task protect itself while it is busy, and nothing else of ECS', () => {
    const protect = Match.objectLike({ Action: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'] });
    workers().template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: Match.objectLike({ Statement: Match.arrayWith([protect]) }),
    });
    expect(JSON.stringify(workers({ taskProtection: false }).template.toJSON())).not.toContain(
      'TaskProtection',
    );
  });

  it('lets nothing in, and takes what is given', () => {
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

describe(PageLoadBalancer, () => {
  it('must say who may come in from the internet', () => {
    const build = (props: object) => (stack: Stack) => {
      const service = new QueueWorkerService(stack, 'Workers', {
        queue: new Queue(stack, 'Jobs'),
        image: IMAGE,
        port: 8080,
      });
      new PageLoadBalancer(stack, 'Page', { workers: service, ...props });
    };
    expect(() => synthesize(build({ internetFacing: true }))).toThrow('Expected allowFrom');
    const { template } = synthesize(
      build({ internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] }),
    );
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
    });
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Port: 8080,
      HealthCheckPath: '/healthz',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '203.0.113.0/24', FromPort: 80 })],
    });
  });
});

describe('signing in at the page', () => {
  const signIn: PageSignIn = {
    issuer: 'https://id.example.com',
    authorizationEndpoint: 'https://id.example.com/authorize',
    tokenEndpoint: 'https://id.example.com/token',
    userInfoEndpoint: 'https://id.example.com/user',
    clientId: 'page',
    clientSecret: SecretValue.secretsManager('wordfreq-page'),
  };
  const pipeline =
    (page: PageLoadBalancerOptions, mode: NetworkMode = 'nat') =>
    (stack: Stack) => {
      new WordFreqPipeline(stack, 'WordFreq', {
        network: { mode },
        image: IMAGE,
        upload: { code: 'inline' },
        backup: false,
        page,
      });
    };

  it('comes before the page, and lets people send dead letters back only where that is asked for', () => {
    const certificate = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:123456789012:certificate/1');
    const asked = synthesize(pipeline({ certificate, signIn, allowRedrive: true }));
    asked.template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTPS',
      DefaultActions: [
        Match.objectLike({ Type: 'authenticate-oidc', Order: 1 }),
        Match.objectLike({ Type: 'forward', Order: 2 }),
      ],
    });
    asked.template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({
          Environment: Match.arrayWith([
            { Name: 'PAGE_REDRIVE', Value: 'true' },
            { Name: 'PAGE_LOAD_BALANCER_ARN', Value: { Ref: Match.stringLikeRegexp('PageLoadBalancer') } },
          ]),
        }),
      ],
    });
    const quiet = synthesize(pipeline({ certificate, signIn }));
    expect(JSON.stringify(quiet.template.toJSON())).not.toContain('PAGE_REDRIVE');
  });

  it('needs a way to the provider', () => {
    const certificate = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:123456789012:certificate/1');
    const shown = { internetFacing: true, allowFrom: [Peer.ipv4('203.0.113.0/24')] };
    for (const mode of ['public', 'isolated'] as const) {
      expect(() => synthesize(pipeline({ certificate, signIn }, mode))).toThrow('must reach the provider');
    }
    expect(() => synthesize(pipeline({ certificate, signIn, ...shown }, 'public'))).not.toThrow();
    const { template } = synthesize(pipeline({ certificate, signIn, ...shown }, 'nat'));
    // Not where tasks are, which nobody reaches from the internet.
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Subnets: Array(2).fill({ Ref: Match.stringLikeRegexp('VpcnatSubnet') }),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443 })]),
    });
  });

  it('needs HTTPS, and redrive needs it', () => {
    expect(() => synthesize(pipeline({ signIn }))).toThrow('Expected a certificate with signIn');
    expect(() => synthesize(pipeline({ allowRedrive: true }))).toThrow('Expected signIn with allowRedrive');
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
  it('keeps a table by the worker’s key, recoverable and protected, and mails people', () => {
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

  it('refuses properties for what is there already', () => {
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

  it('backs up daily, logs every job event and misses a backup that is not there', () => {
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

  it('refuses an age that CloudWatch cannot look back to', () => {
    expect(() => build(169)).toThrow('from 2 to 168, got 169');
  });
});

describe(UploadCopy, () => {
  it('is called by a queue that answers message by message', () => {
    const { template } = synthesize((stack) => {
      new UploadCopy(stack, 'Upload', { destination: new Bucket(stack, 'Processing') });
    });
    template.hasResource('AWS::Lambda::EventSourceMapping', {
      Properties: { FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 10 },
      DependsOn: [Match.stringLikeRegexp('CopyRolePolicy')],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      VisibilityTimeout: 1800,
      RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }),
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Handler: 'index.handler',
      Code: { S3Key: Match.anyValue(), S3Bucket: Match.anyValue() },
      Environment: {
        Variables: {
          PROCESSING_BUCKET: { Ref: Match.stringLikeRegexp('Processing') },
          UPLOADING_BUCKET: { Ref: Match.stringLikeRegexp('UploadBucket') },
          COPY_SUFFIX: '.txt',
        },
      },
    });
  });

  it('hears of somebody else’s bucket by EventBridge, without touching it', () => {
    const { template } = synthesize((stack) => {
      const bucket = Bucket.fromBucketName(stack, 'Theirs', 'theirs');
      new UploadCopy(stack, 'Upload', {
        bucket,
        prefix: 'in*/',
        destination: new Bucket(stack, 'Processing'),
      });
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({
        'detail-type': ['Object Created', 'Object Restore Completed'],
        detail: { bucket: { name: ['theirs'] }, object: { key: [{ wildcard: 'in\\*/*.txt' }] } },
      }),
    });
    template.resourceCountIs('AWS::S3::Bucket', 1);
  });

  it.each(['queue', 'eventbridge'] as const)(
    'takes announcements from a queue that is there, by %s',
    (trigger) => {
      const { template } = synthesize((stack) => {
        new UploadCopy(stack, 'Upload', {
          trigger,
          destination: new Bucket(stack, 'Processing'),
          queue: Queue.fromQueueArn(stack, 'Theirs', 'arn:aws:sqs:us-east-1:111122223333:theirs'),
          deadLetterQueue: Queue.fromQueueArn(stack, 'Dead', 'arn:aws:sqs:us-east-1:111122223333:dead'),
        });
      });
      template.resourceCountIs('AWS::SQS::Queue', 0);
      template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        EventSourceArn: 'arn:aws:sqs:us-east-1:111122223333:theirs',
      });
    },
  );

  it('refuses a queue where S3 calls the function itself', () => {
    expect(() =>
      synthesize((stack) => {
        new UploadCopy(stack, 'Upload', {
          trigger: 'notification',
          destination: new Bucket(stack, 'Processing'),
          queue: new Queue(stack, 'Theirs'),
        });
      }),
    ).toThrow(/queue.*notification/);
  });

  it('refuses to copy a bucket into itself', () => {
    expect(() =>
      synthesize((stack) => {
        const bucket = new Bucket(stack, 'One');
        new UploadCopy(stack, 'Upload', { bucket, destination: bucket });
      }),
    ).toThrow('Expected two buckets, got one');
  });

  it('refuses what would add a custom resource, and says what to do instead', () => {
    expect(() =>
      synthesize((stack) => {
        new UploadCopy(stack, 'Upload', {
          bucketProps: { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY },
          destination: new Bucket(stack, 'Processing'),
        });
      }),
    ).toThrow('Empty the bucket');
  });
});

describe(ExistingRoles, () => {
  it('leaves roles as they are, also those that were imported to be changed', () => {
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

  it('tells exactly what new roles would get', () => {
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
  it('mails at 80 % spent and at a forecast above the limit', () => {
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
