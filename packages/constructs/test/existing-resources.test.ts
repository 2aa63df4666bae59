import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { ContainerImage, FargateService, FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  BacklogScaling,
  BucketToQueue,
  NativeBucketNotifications,
  PageLoadBalancer,
  QueueWorkerService,
  TableBackup,
  UploadCopy,
  WordFreqPipeline,
  WorkerImage,
  WorkerNetwork,
} from '../src/index.ts';
import { theirs } from '../tools/existing-resources.ts';
import { findingsIn, synthesize } from './support/synthesize.ts';

const ENV = { env: { account: '123456789012', region: 'eu-central-1' } };
const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');

const allows = (action: string) => ({
  PolicyDocument: Match.objectLike({
    Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith([action]) })]),
  }),
});

describe(UploadCopy, () => {
  const build = (stack: Stack, props: object) =>
    new UploadCopy(stack, 'Upload', { destination: new Bucket(stack, 'Copies'), ...props });

  it.each(['queue', 'eventbridge'] as const)(
    'hands uploads to a function that is there, and lets it do the work: %s',
    (trigger) => {
      const { template } = synthesize((stack) => build(stack, { function: theirs.function(stack), trigger }));
      template.resourceCountIs('AWS::Lambda::Function', 0);
      template.resourceCountIs('AWS::IAM::Role', 0);
      template.hasResourceProperties('AWS::Lambda::EventSourceMapping', { FunctionName: 'theirs' });
      for (const action of ['s3:GetObject', 's3:PutObject', 'sqs:ReceiveMessage']) {
        template.hasResourceProperties('AWS::IAM::Policy', {
          ...allows(action),
          Roles: ['their-function-role'],
        });
      }
    },
  );

  it('lets S3 invoke a function of the same app, without a cycle', () => {
    const { template, stack } = synthesize((scope) => {
      const fn = new LambdaFunction(scope, 'Mine', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => {};'),
      });
      const { logGroup, queue, mapping } = build(scope, { function: fn, trigger: 'notification' });
      expect([logGroup, queue, mapping]).toEqual([undefined, undefined, undefined]);
    });
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 's3.amazonaws.com' });
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', { MaximumRetryAttempts: 2 });
    expect(stack.node.findAll().filter((node) => node.node.id === 'DefaultPolicy')).toEqual([]);
  });

  it('creates no IAM resource for a function with existing roles, and lists what it needs', () => {
    const { resources } = synthesize((stack) => {
      const fn = LambdaFunction.fromFunctionArn(
        stack,
        'Fn',
        'arn:aws:lambda:eu-central-1:123456789012:function:x',
      );
      const { role } = build(stack, { function: fn, roles: theirs.roles(stack) });
      expect(JSON.stringify(role.required())).toContain('s3:PutObject');
    }, ENV);
    expect([...resources.values()].filter(({ Type }) => Type.startsWith('AWS::IAM::'))).toEqual([]);
  });

  it('rejects a function whose role is not known, and options that the function has itself', () => {
    const arn = 'arn:aws:lambda:eu-central-1:123456789012:function:x';
    const of = (props: (stack: Stack) => object) => () =>
      synthesize((stack) => build(stack, props(stack)), ENV);
    expect(of((stack) => ({ function: LambdaFunction.fromFunctionArn(stack, 'Fn', arn) }))).toThrow(
      'whose role is known',
    );
    expect(of((stack) => ({ function: theirs.function(stack), code: 'inline' }))).toThrow('got both');
    expect(of((stack) => ({ rule: theirs.rule(stack), trigger: 'queue' }))).toThrow('with "rule"');
  });

  it('adds to the existing notifications of a bucket', () => {
    const { template } = synthesize((stack) => {
      const bucket = new Bucket(stack, 'Mine');
      const notifications = new NativeBucketNotifications(stack, 'Announcements', bucket);
      notifications.toQueue(new Queue(stack, 'Pictures'), { suffix: '.png' });
      build(stack, { bucket, notifications });
      new BucketToQueue(stack, 'Archive', { bucket, notifications, suffix: '.md' });
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        // Two events for each suffix, of which .txt stands for three: plain, .gz and .zst, and .md for
        // itself.
        QueueConfigurations: Array(8).fill(Match.anyValue()),
        TopicConfigurations: Array(2).fill(Match.anyValue()),
      },
    });
  });
});

describe(BucketToQueue, () => {
  it('uses an existing dead-letter queue', () => {
    const { template } = synthesize((stack) => {
      const bucket = new Bucket(stack, 'Copies');
      new BucketToQueue(stack, 'Jobs', { bucket, deadLetterQueue: theirs.deadLetters(stack) });
    });
    template.resourceCountIs('AWS::SQS::Queue', 1);
    template.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: 'arn:aws:sqs:eu-central-1:123456789012:dead' },
    });
  });

  it('adds its topic as a target of an existing rule', () => {
    const { template } = synthesize((stack) => {
      const rule = theirs.rule(stack);
      const bucket = theirs.bucket(stack);
      new BucketToQueue(stack, 'Jobs', { bucket, rule });
      expect(() => new BucketToQueue(stack, 'No', { bucket, rule, via: 'sns' })).toThrow(
        "Expected via: 'eventbridge'",
      );
    });
    template.resourceCountIs('AWS::Events::Rule', 1);
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('JobsFileCopied') } })],
    });
  });
});

describe(QueueWorkerService, () => {
  it('adds its container to an existing task definition, whose roles get a policy', () => {
    const { template } = synthesize((stack) => {
      const taskDefinition = new FargateTaskDefinition(stack, 'Theirs', {
        memoryLimitMiB: 2048,
        taskRole: Role.fromRoleName(stack, 'TaskRole', 'their-task'),
        executionRole: Role.fromRoleName(stack, 'ExecutionRole', 'their-execution'),
      });
      taskDefinition.addContainer('Sidecar', { image: ContainerImage.fromRegistry('acme/sidecar:1') });
      const queue = new Queue(stack, 'Jobs');
      new QueueWorkerService(stack, 'Workers', { queue, image, taskDefinition });
      expect(() => new QueueWorkerService(stack, 'No', { queue, image, taskDefinition, cpu: 256 })).toThrow(
        'got both',
      );
    });
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      Memory: '2048',
      ContainerDefinitions: [
        Match.objectLike({ Name: 'Sidecar' }),
        Match.objectLike({ Name: 'Worker', ReadonlyRootFilesystem: true }),
      ],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      ...allows('sqs:ReceiveMessage'),
      Roles: ['their-task'],
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      ...allows('logs:PutLogEvents'),
      Roles: ['their-execution'],
    });
    template.resourceCountIs('AWS::IAM::Role', 0);
  });
});

describe(BacklogScaling, () => {
  it('adds its policies to an existing scalable target', () => {
    const { template } = synthesize((stack) => {
      const taskDefinition = theirs.taskDefinition(stack);
      taskDefinition.addContainer('Main', { image: ContainerImage.fromRegistry('acme/main:1') });
      const service = new FargateService(stack, 'Service', {
        cluster: theirs.cluster(stack),
        taskDefinition,
      });
      const target = service.autoScaleTaskCount({ minCapacity: 2, maxCapacity: 8 });
      target.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: 60 });
      const queue = new Queue(stack, 'Jobs');
      new BacklogScaling(stack, 'Scaling', { service, queue, target });
      expect(() => new BacklogScaling(stack, 'No', { service, queue, target, maxTasks: 9 })).toThrow(
        '"target" or "minTasks"',
      );
    });
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalableTarget', 1);
    template.resourceCountIs('AWS::ApplicationAutoScaling::ScalingPolicy', 3);
  });
});

describe(TableBackup, () => {
  const build = (stack: Stack, props: object) =>
    new TableBackup(stack, 'Backup', { table: theirs.table(stack), ...props });

  it('adds the table to an existing plan, and monitors its vault', () => {
    const { template } = synthesize((stack) =>
      build(stack, { plan: theirs.plan(stack), vault: theirs.vault(stack) }),
    );
    template.resourceCountIs('AWS::Backup::BackupPlan', 0);
    template.hasResourceProperties('AWS::Backup::BackupSelection', { BackupPlanId: 'their-plan' });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ detail: { backupVaultArn: [Match.anyValue()] } }),
    });
    template.resourceCountIs('AWS::CloudWatch::Alarm', 2);
  });

  it('invokes an existing logger, and counts in its log', () => {
    const { template } = synthesize((stack) => {
      const given = { logger: theirs.function(stack), logGroup: theirs.logGroup(stack) };
      expect(build(stack, given).loggerRole).toBeUndefined();
    }, ENV);
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.hasResourceProperties('AWS::Lambda::Permission', { Principal: 'events.amazonaws.com' });
    template.allResourcesProperties('AWS::Logs::MetricFilter', { LogGroupName: 'theirs' });
  });

  it.each<[string, (stack: Stack) => object]>([
    ['"vault" with "plan"', (stack) => ({ plan: theirs.plan(stack) })],
    ['"plan" or "rules"', (stack) => ({ plan: theirs.plan(stack), vault: theirs.vault(stack), rules: [] })],
    ['"logGroup" with "logger"', (stack) => ({ logger: theirs.function(stack) })],
  ])('wants %s', (message, props) => {
    expect(() => synthesize((stack) => build(stack, props(stack)))).toThrow(`Expected ${message}`);
  });
});

describe(WorkerNetwork, () => {
  it('lets tasks use the endpoints of an existing VPC', () => {
    const { template } = synthesize((stack) => {
      const network = new WorkerNetwork(stack, 'Network', {
        vpc: theirs.vpc(stack),
        endpointSecurityGroup: theirs.securityGroup(stack),
      });
      new QueueWorkerService(stack, 'Workers', { queue: new Queue(stack, 'Jobs'), image, network });
      expect(
        () =>
          new WorkerNetwork(stack, 'No', { endpointSecurityGroup: theirs.securityGroup(network as never) }),
      ).toThrow('Expected "vpc" with "endpointSecurityGroup"');
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0123456789abcdef0',
      FromPort: 443,
    });
    template.resourceCountIs('AWS::EC2::VPC', 0);
  });
});

describe(PageLoadBalancer, () => {
  const build = (stack: Stack, props: object) => {
    const workers = new QueueWorkerService(stack, 'Workers', {
      queue: new Queue(stack, 'Jobs'),
      image,
      port: 8080,
    });
    return new PageLoadBalancer(stack, 'Page', { workers, ...props });
  };

  it('adds a listener to an existing load balancer', () => {
    const { template } = synthesize((stack) =>
      build(stack, { loadBalancer: theirs.loadBalancer(stack), listenerPort: 8443 }),
    );
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 8443,
      LoadBalancerArn: Match.stringLikeRegexp('loadbalancer/app/theirs'),
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: 'sg-0fedcba9876543210',
      FromPort: 8443,
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 8080,
      SourceSecurityGroupId: 'sg-0fedcba9876543210',
    });
  });

  it('adds a rule to an existing listener, and lets its load balancer reach the tasks', () => {
    const { template } = synthesize((stack) =>
      build(stack, {
        loadBalancer: theirs.loadBalancer(stack),
        listener: theirs.listener(stack),
        priority: 7,
        conditions: [ListenerCondition.hostHeaders(['words.example.com'])],
      }),
    );
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::ListenerRule', {
      ListenerArn: Match.stringLikeRegexp('listener/app/theirs'),
      Priority: 7,
      Actions: [Match.objectLike({ Type: 'forward' })],
      Conditions: [
        Match.objectLike({ Field: 'host-header', HostHeaderConfig: { Values: ['words.example.com'] } }),
      ],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      FromPort: 8080,
      SourceSecurityGroupId: 'sg-0fedcba9876543210',
    });
  });

  it('adds tasks to an existing target group', () => {
    const { template } = synthesize((stack) => build(stack, { targetGroup: theirs.targetGroup(stack) }));
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 0);
    template.hasResourceProperties('AWS::ECS::Service', {
      LoadBalancers: [
        Match.objectLike({
          ContainerPort: 8080,
          TargetGroupArn: Match.stringLikeRegexp('targetgroup/theirs'),
        }),
      ],
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 8080 });
  });

  it.each<[string, (stack: Stack) => object]>([
    ['"loadBalancer" and "priority"', (stack) => ({ listener: theirs.listener(stack) })],
    ['"listener" with "priority"', () => ({ priority: 1 })],
    [
      '"loadBalancer" or "internetFacing"',
      (stack) => ({ loadBalancer: theirs.loadBalancer(stack), internetFacing: false }),
    ],
    [
      '"listener" or "certificate"',
      (stack) => ({
        listener: theirs.listener(stack),
        loadBalancer: theirs.loadBalancer(stack),
        priority: 1,
        listenerPort: 81,
      }),
    ],
  ])('wants %s', (message, props) => {
    expect(() => synthesize((stack) => build(stack, props(stack)))).toThrow(`Expected ${message}`);
  });
});

describe(WordFreqPipeline, () => {
  it.each([false, true])('has no finding with every existing resource given: existing roles %s', (roles) => {
    const { stack, template, resources } = synthesize((scope) => {
      const vpc = theirs.vpc(scope);
      new WordFreqPipeline(scope, 'WordFreq', {
        image,
        ...(roles ? { roles: theirs.roles(scope) } : {}),
        upload: { bucket: theirs.bucket(scope), function: theirs.function(scope) },
        jobs: { topic: theirs.topic(scope), deadLetterQueue: theirs.deadLetters(scope) },
        results: {
          table: theirs.table(scope),
          queue: theirs.queue(scope),
          deadLetterQueue: theirs.deadLetters(new Construct(scope, 'Results')),
        },
        backup: {
          plan: theirs.plan(scope),
          vault: theirs.vault(scope),
          logger: theirs.function(new Construct(scope, 'Logger')),
          logGroup: theirs.logGroup(scope),
        },
        network: { vpc },
        page: {
          loadBalancer: theirs.loadBalancer(scope),
          listener: theirs.listener(scope),
          priority: 3,
        },
        dashboard: theirs.dashboard(scope),
        alarmEmail: 'team@example.com',
      });
    }, ENV);
    const report = new AwsSolutionsChecks().validateScope(stack);
    expect(report.violations.map(({ ruleName }) => ruleName)).toEqual([]);
    expect(findingsIn(resources)).toEqual([]);
    const iam = [...resources.values()].filter(({ Type }) => Type.startsWith('AWS::IAM::'));
    expect(iam.length === 0).toBe(roles);
    for (const type of ['AWS::Lambda::Function', 'AWS::DynamoDB::GlobalTable', 'AWS::EC2::VPC']) {
      template.resourceCountIs(type, 0);
    }
    template.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
  });
});
