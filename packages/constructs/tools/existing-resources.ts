/**
 * One existing resource of each kind, which the tests and the table of resources pass to constructs.
 */
import { BackupPlan, BackupVault, type IBackupPlan, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { type ITable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { type ISecurityGroup, type IVpc, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, FargateTaskDefinition, type ICluster } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationTargetGroup,
  type IApplicationListener,
  type IApplicationLoadBalancer,
  type IApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Role } from 'aws-cdk-lib/aws-iam';
import { type IFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { type IQueue, Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { ExistingRoles, WorkerNetwork } from '../src/index.ts';

const arn = (service: string, name: string): string => `arn:aws:${service}:eu-central-1:123456789012:${name}`;

export const theirs = {
  bucket: (scope: Construct): IBucket => Bucket.fromBucketName(scope, 'TheirBucket', 'theirs'),
  queue: (scope: Construct): IQueue => Queue.fromQueueArn(scope, 'TheirQueue', arn('sqs', 'theirs')),
  deadLetters: (scope: Construct): IQueue => Queue.fromQueueArn(scope, 'TheirDead', arn('sqs', 'dead')),
  topic: (scope: Construct): ITopic => Topic.fromTopicArn(scope, 'TheirTopic', arn('sns', 'theirs')),
  table: (scope: Construct): ITable => TableV2.fromTableName(scope, 'TheirTable', 'theirs'),
  logGroup: (scope: Construct): ILogGroup => LogGroup.fromLogGroupName(scope, 'TheirLog', 'theirs'),
  roles: (scope: Construct): ExistingRoles => ExistingRoles.fromName(scope, 'LabRole'),
  function: (scope: Construct): IFunction =>
    LambdaFunction.fromFunctionAttributes(scope, 'TheirFunction', {
      functionArn: arn('lambda', 'function:theirs'),
      role: Role.fromRoleName(scope, 'TheirFunctionRole', 'their-function-role'),
      sameEnvironment: true,
    }),
  /** Defined in the app, because imported rules accept no targets. */
  rule: (scope: Construct): Rule => new Rule(scope, 'TheirRule', { eventPattern: { source: ['theirs'] } }),
  vault: (scope: Construct): IBackupVault =>
    BackupVault.fromBackupVaultName(scope, 'TheirVault', 'their-vault'),
  plan: (scope: Construct): IBackupPlan => BackupPlan.fromBackupPlanId(scope, 'TheirPlan', 'their-plan'),
  dashboard: (scope: Construct): Dashboard => new Dashboard(scope, 'TheirDashboard'),
  vpc: (scope: Construct): IVpc =>
    Vpc.fromVpcAttributes(scope, 'TheirVpc', {
      vpcId: 'vpc-0123456789abcdef0',
      vpcCidrBlock: '10.0.0.0/16',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      publicSubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
    }),
  network: (scope: Construct): WorkerNetwork =>
    new WorkerNetwork(scope, 'TheirNetwork', { vpc: theirs.vpc(scope) }),
  securityGroup: (scope: Construct): ISecurityGroup =>
    SecurityGroup.fromSecurityGroupId(scope, 'TheirGroup', 'sg-0123456789abcdef0'),
  cluster: (scope: Construct): ICluster =>
    Cluster.fromClusterAttributes(scope, 'TheirCluster', { clusterName: 'theirs', vpc: theirs.vpc(scope) }),
  taskDefinition: (scope: Construct): FargateTaskDefinition => new FargateTaskDefinition(scope, 'TheirTask'),
  loadBalancer: (scope: Construct): IApplicationLoadBalancer =>
    ApplicationLoadBalancer.fromApplicationLoadBalancerAttributes(scope, 'TheirBalancer', {
      loadBalancerArn: arn('elasticloadbalancing', 'loadbalancer/app/theirs/0123456789abcdef'),
      securityGroupId: 'sg-0fedcba9876543210',
    }),
  listener: (scope: Construct): IApplicationListener =>
    ApplicationListener.fromApplicationListenerAttributes(scope, 'TheirListener', {
      listenerArn: arn('elasticloadbalancing', 'listener/app/theirs/0123456789abcdef/0123456789abcdef'),
      securityGroup: SecurityGroup.fromSecurityGroupId(scope, 'TheirListenerGroup', 'sg-0fedcba9876543210'),
    }),
  targetGroup: (scope: Construct): IApplicationTargetGroup =>
    ApplicationTargetGroup.fromTargetGroupAttributes(scope, 'TheirTargets', {
      targetGroupArn: arn('elasticloadbalancing', 'targetgroup/theirs/0123456789abcdef'),
    }),
} as const;
