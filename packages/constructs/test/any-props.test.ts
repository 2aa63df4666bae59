import { Duration, type Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ExistingRoles,
  type PageLoadBalancerOptions,
  type TableBackupOptions,
  WordFreqPipeline,
  type WordFreqPipelineProps,
  WorkerImage,
} from '../src/index.ts';
import { theirs } from '../tools/existing-resources.ts';
import { findingsIn, synthesize } from './support/synthesize.ts';

const email = fc.constantFrom(undefined, 'team@example.com');

/** Choices as data, because each stack needs its own imported resources. */
const choices = fc.record({
  existingRoles: fc.boolean(),
  trigger: fc.constantFrom('queue', 'notification', 'eventbridge', undefined),
  theirBucket: fc.boolean(),
  code: fc.constantFrom('inline', 'asset', undefined),
  prefix: fc.constantFrom(undefined, '', 'in/', 'a*b/'),
  suffix: fc.constantFrom(undefined, '', '.txt', '.TXT'),
  theirProcessing: fc.boolean(),
  via: fc.constantFrom('sns', 'eventbridge', undefined),
  theirQueue: fc.boolean(),
  theirUploadDeadLetters: fc.boolean(),
  theirLogBucket: fc.boolean(),
  key: fc.constantFrom(undefined, 'new', 'theirs'),
  spill: fc.boolean(),
  theirVpc: fc.boolean(),
  theirCluster: fc.boolean(),
  mode: fc.constantFrom('public', 'isolated', 'nat', undefined),
  flowLogs: fc.constantFrom('s3', 'off', undefined),
  accessLogs: fc.boolean(),
  backup: fc.constantFrom<WordFreqPipelineProps['backup'][]>(false, undefined, { maxAgeHours: 48 }),
  page: fc.boolean(),
  dashboard: fc.boolean(),
  alarmEmail: email,
  resultEmail: email,
  fileEmail: email,
  theirAlarmTopic: fc.boolean(),
  minTasks: fc.constantFrom(undefined, 0, 1, 3),
  jobSeconds: fc.integer({ min: 1, max: 7200 }),
  runningTasks: fc.constantFrom('container-insights', 'cpu-samples', undefined),
  spotWeight: fc.constantFrom(undefined, 0, 4),
  taskProtection: fc.boolean(),
  x86: fc.boolean(),
  insights: fc.boolean(),
  notify: fc.constantFrom('failures', 'each', 'digest', 'none', undefined),
  theirLogGroup: fc.boolean(),
  theirSecurityGroup: fc.boolean(),
  theirSubnets: fc.boolean(),
  theirFunction: fc.boolean(),
  theirTopic: fc.boolean(),
  theirTable: fc.boolean(),
  theirPlan: fc.boolean(),
  theirLogger: fc.boolean(),
  theirDashboard: fc.boolean(),
  theirBalancer: fc.boolean(),
  theirListener: fc.boolean(),
} as const);

type Choices = typeof choices extends fc.Arbitrary<infer T> ? T : never;

function keyFor(stack: Stack, whose: 'new' | 'theirs'): IKey {
  if (whose === 'new') return new Key(stack, 'Key', { enableKeyRotation: true });
  return Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:123456789012:key/1234');
}

function propsFor(stack: Stack, chosen: Choices): WordFreqPipelineProps {
  const vpc = Vpc.fromVpcAttributes(stack, 'TheirVpc', {
    vpcId: 'vpc-1',
    vpcCidrBlock: '10.0.0.0/16',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    privateSubnetIds: ['subnet-1', 'subnet-2'],
    publicSubnetIds: ['subnet-3', 'subnet-4'],
    isolatedSubnetIds: ['subnet-5', 'subnet-6'],
  });
  const bucket = (id: string) => Bucket.fromBucketName(stack, id, id.toLowerCase());
  const queue = (id: string) => Queue.fromQueueArn(stack, id, `arn:aws:sqs:eu-central-1:123456789012:${id}`);
  const { trigger, code, prefix, suffix, via, mode, flowLogs, page, minTasks } = chosen;
  return {
    image: WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1'),
    ...(chosen.existingRoles ? { roles: ExistingRoles.fromName(stack, 'LabRole') } : {}),
    upload: {
      // An imported bucket announces by EventBridge only; other triggers for it are refused, see the unit
      // tests.
      ...(chosen.theirBucket ? { bucket: bucket('Theirs') } : { trigger }),
      ...(chosen.theirFunction ? { function: theirs.function(stack) } : { code }),
      prefix,
      suffix,
      ...(chosen.theirUploadDeadLetters ? { deadLetterQueue: queue('uploads-dead') } : {}),
    },
    ...(chosen.theirProcessing ? { processingBucket: bucket('TheirProcessing') } : {}),
    jobs: {
      ...(chosen.theirTopic ? { topic: theirs.topic(stack) } : {}),
      ...(chosen.theirProcessing ? {} : { via }),
      ...(chosen.theirQueue ? { queue: queue('jobs'), deadLetterQueue: queue('dead') } : {}),
      email: chosen.fileEmail,
    },
    network: {
      mode,
      flowLogs,
      ...(chosen.theirVpc ? { vpc } : {}),
      ...(chosen.theirVpc && chosen.theirSubnets ? { subnets: { subnets: vpc.privateSubnets } } : {}),
    },
    accessLogs: chosen.accessLogs,
    ...(chosen.accessLogs && chosen.theirLogBucket ? { logBucket: bucket('TheirLogs') } : {}),
    ...(chosen.key === undefined ? {} : { encryptionKey: keyFor(stack, chosen.key) }),
    results: {
      ...(chosen.spill ? { spillBucket: bucket('Spill') } : {}),
      ...(chosen.theirTable ? { table: theirs.table(stack) } : {}),
    },
    backup: chosen.backup === false ? false : { ...chosen.backup, ...backupOf(stack, chosen) },
    ...(page ? { page: pageOf(stack, chosen) } : {}),
    dashboard: chosen.dashboard && (chosen.theirDashboard ? theirs.dashboard(stack) : true),
    alarmEmail: chosen.alarmEmail,
    resultEmail: chosen.resultEmail,
    ...(chosen.alarmEmail === undefined ? {} : { monthlyBudgetUsd: 10 }),
    ...(chosen.theirAlarmTopic
      ? { alarmTopic: Topic.fromTopicArn(stack, 'Alarms', 'arn:aws:sns:eu-central-1:123456789012:alarms') }
      : {}),
    notify: chosen.notify,
    worker: {
      scaling: {
        minTasks,
        jobDuration: Duration.seconds(chosen.jobSeconds),
        // Without Container Insights the other is refused, see the unit tests.
        ...(chosen.insights ? { runningTasks: chosen.runningTasks } : {}),
      },
      spotWeight: chosen.spotWeight,
      ...(chosen.theirLogGroup
        ? { logGroup: LogGroup.fromLogGroupName(stack, 'TheirWorkerLog', 'theirs') }
        : {}),
      ...(chosen.theirSecurityGroup
        ? { securityGroup: SecurityGroup.fromSecurityGroupId(stack, 'TheirGroup', 'sg-1') }
        : {}),
      taskProtection: chosen.taskProtection,
      architecture: chosen.x86 ? CpuArchitecture.X86_64 : CpuArchitecture.ARM64,
      ...(chosen.theirVpc && chosen.theirCluster
        ? { cluster: Cluster.fromClusterAttributes(stack, 'TheirCluster', { clusterName: 'theirs', vpc }) }
        : { containerInsights: chosen.insights ? ContainerInsights.ENHANCED : ContainerInsights.DISABLED }),
    },
  };
}

function backupOf(stack: Stack, { theirPlan, theirLogger }: Choices): TableBackupOptions {
  return {
    ...(theirPlan ? { plan: theirs.plan(stack), vault: theirs.vault(stack) } : {}),
    ...(theirLogger
      ? { logger: theirs.function(new Construct(stack, 'Logger')), logGroup: theirs.logGroup(stack) }
      : {}),
  };
}

function pageOf(stack: Stack, { theirBalancer, theirListener }: Choices): PageLoadBalancerOptions {
  if (!theirBalancer) return {};
  const loadBalancer = theirs.loadBalancer(stack);
  return theirListener
    ? { loadBalancer, listener: theirs.listener(stack), priority: 1 }
    : { loadBalancer, listenerPort: 8080 };
}

describe(WordFreqPipeline, () => {
  it('makes no custom resource and nothing public, plain or unprotected, whatever is chosen', () => {
    fc.assert(
      fc.property(choices, (chosen) => {
        const { resources } = synthesize(
          (stack) => {
            new WordFreqPipeline(stack, 'WordFreq', propsFor(stack, chosen));
          },
          { env: { account: '123456789012', region: 'eu-central-1' } },
        );
        expect(findingsIn(resources)).toEqual([]);
        const iam = [...resources.values()].filter(({ Type }) => Type.startsWith('AWS::IAM::'));
        expect(iam.length === 0).toBe(chosen.existingRoles);
      }),
      { numRuns: 60 },
    );
  });
});
