/**
 * Every resource that the constructs create: which property takes an existing one, and which exposes it. A
 * test checks each row.
 */
import type { FargateService } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import { theirs } from './existing-resources.ts';

/** Further properties that are needed: to create the resource, and to pass an existing one. */
interface Besides {
  readonly made?: object;
  readonly existing?: (scope: Construct) => object;
}

/**
 * A description, the path of the resource within the construct, the property that takes an existing one, the
 * property that exposes it, an existing one.
 */
type Replaceable = readonly [
  what: string,
  children: string,
  by: string,
  as: string,
  existing: (scope: Construct) => unknown,
  besides?: Besides,
];

/** A description, the path within the construct, the property that exposes it, why none can be given. */
export type Fixed = readonly [what: string, children: string, as: string, why: string];

export const REPLACEABLE: Readonly<Record<string, readonly Replaceable[]>> = {
  WordFreqPipeline: [
    ['processing bucket', 'Processing', 'processingBucket', 'processingBucket', theirs.bucket],
    ['bucket of access and flow logs', 'Logs', 'logBucket', 'logBucket', theirs.bucket],
    ['topic of alarms', 'AlarmTopic', 'alarmTopic', 'alarmTopic', theirs.topic],
    ['dashboard', 'Overview', 'dashboard', 'dashboard.dashboard', theirs.dashboard],
  ],
  UploadCopy: [
    ['uploading bucket', 'Bucket', 'bucket', 'bucket', theirs.bucket],
    ['queue of uploads', 'Queue', 'queue', 'queue', theirs.queue],
    ['its dead letters', 'DeadLetters', 'deadLetterQueue', 'deadLetters', theirs.deadLetters],
    ['copy Lambda', 'Function', 'function', 'function', theirs.function],
    ['its log', 'Log', 'logGroup', 'logGroup', theirs.logGroup],
    ['its role', 'CopyRole', 'roles', 'role', theirs.roles],
    ['EventBridge rule', 'Uploads', 'rule', 'rule', theirs.rule, { made: { trigger: 'eventbridge' } }],
  ],
  BucketToQueue: [
    ['topic', 'FileCopied', 'topic', 'topic', theirs.topic],
    ['queue', 'Queue', 'queue', 'queue', theirs.queue],
    ['its dead letters', 'DeadLetters', 'deadLetterQueue', 'deadLetters', theirs.deadLetters],
    ['EventBridge rule', 'NewObjects', 'rule', 'rule', theirs.rule, { made: { via: 'eventbridge' } }],
  ],
  QueueWorkerService: [
    ['network', 'Network', 'network', 'network', theirs.network],
    ['cluster', 'Cluster', 'cluster', 'cluster', theirs.cluster],
    ['task definition', 'Task', 'taskDefinition', 'taskDefinition', theirs.taskDefinition],
    ['role of tasks', 'TaskRole', 'roles', 'taskRole', theirs.roles],
    ['task execution role', 'ExecutionRole', 'roles', 'executionRole', theirs.roles],
    ['log', 'Log', 'logGroup', 'logGroup', theirs.logGroup],
    ['security group of tasks', 'SecurityGroup', 'securityGroup', 'securityGroup', theirs.securityGroup],
  ],
  BacklogScaling: [['scalable target', '../Service/TaskCount', 'target', 'target', scalableTarget]],
  ResultStore: [
    ['table', 'Table', 'table', 'table', theirs.table],
    ['queue of results', 'Queue', 'queue', 'queue', theirs.queue],
    ['its dead letters', 'Undelivered', 'deadLetterQueue', 'undelivered', theirs.deadLetters],
    ['topic of results', 'ResultTopic', 'resultTopic', 'resultTopic', theirs.topic],
    ['topic of failures', 'FailureTopic', 'failureTopic', 'failureTopic', theirs.topic],
  ],
  TableBackup: [
    ['vault', 'Vault', 'vault', 'vault', theirs.vault],
    ['plan', 'Plan', 'plan', 'plan', theirs.plan, { existing: (scope) => ({ vault: theirs.vault(scope) }) }],
    ['role of AWS Backup', 'BackupRole', 'roles', 'role', theirs.roles],
    [
      'Lambda that logs backup events',
      'Logger',
      'logger',
      'logger',
      theirs.function,
      { existing: (scope) => ({ logGroup: theirs.logGroup(scope) }) },
    ],
    ['its role', 'LoggerRole', 'roles', 'loggerRole', theirs.roles],
    ['its log', 'Log', 'logGroup', 'logGroup', theirs.logGroup],
    ['EventBridge rule', 'JobEvents', 'rule', 'rule', theirs.rule],
  ],
  WorkerNetwork: [
    ['VPC, with its subnets, gateways and free endpoints', 'Vpc', 'vpc', 'vpc', theirs.vpc],
    [
      'security group of interface endpoints',
      'Endpoints',
      'endpointSecurityGroup',
      'endpointSecurityGroup',
      theirs.securityGroup,
      { made: { mode: 'isolated' }, existing: (scope) => ({ vpc: theirs.vpc(scope) }) },
    ],
    ['bucket of flow logs', 'FlowLogs', 'logBucket', 'logBucket', theirs.bucket],
  ],
  PageLoadBalancer: [
    ['load balancer, with its group', 'LoadBalancer', 'loadBalancer', 'loadBalancer', theirs.loadBalancer],
    [
      'listener',
      'Listener',
      'listener',
      'listener',
      theirs.listener,
      { existing: (scope) => ({ loadBalancer: theirs.loadBalancer(scope), priority: 7 }) },
    ],
    ['target group', 'Workers', 'targetGroup', 'targetGroup', theirs.targetGroup],
  ],
  PipelineDashboard: [['dashboard', 'Dashboard', 'dashboard', 'dashboard', theirs.dashboard]],
};

export const FIXED: Readonly<Record<string, readonly Fixed[]>> = {
  UploadCopy: [
    ['event source mapping', 'Batches', 'mapping', 'connects queue and Lambda; a second one would take half'],
  ],
  QueueWorkerService: [
    [
      'service',
      'Service',
      'service',
      'the purpose of this construct; `BacklogScaling` scales an existing one',
    ],
    [
      'capacity providers',
      'CapacityProviders',
      'capacityProviders',
      'a cluster has one set; an existing one has its own',
    ],
  ],
  BacklogScaling: [
    ['target tracking policy', 'WorkPerTask', 'trackingPolicy', 'the purpose of this construct'],
    ['policy that starts the first task', 'FirstTask', 'wakeUpPolicy', 'off with `wakeUp: false`'],
    ['alarm that starts the first task', 'WakeUp', 'wakeUpAlarm', 'off with `wakeUp: false`'],
  ],
  TableBackup: [
    ['selection', 'Table', 'selection', 'connects plan and table'],
    [
      'alarm on failed backups',
      'Failed',
      'failedAlarm',
      'the purpose of this construct; it notifies `alarmTopic`',
    ],
    [
      'alarm on missing backups',
      'Missing',
      'missingAlarm',
      'the purpose of this construct; it notifies `alarmTopic`',
    ],
  ],
  WorkerNetwork: [
    ['flow log', 'Vpc/FlowLog', 'flowLog', "for a new VPC only; off with `flowLogs: 'off'`"],
    [
      'interface endpoints',
      'EcrApi|EcrDocker|Logs|Sqs|Sns',
      'interfaceEndpoints',
      'for a new VPC only; an existing one has its own',
    ],
  ],
  PipelineAlarms: [['alarms', '\\w+', 'alarms', 'the purpose of this construct; they notify `topic`']],
  MonthlyBudget: [['budget', 'Budget', 'budget', 'with an existing budget, omit this construct']],
};

/** Resources that only connect others, or allow one to use another. They are not listed separately. */
export const TIES: RegExp =
  /^AWS::(S3::BucketPolicy|SQS::QueuePolicy|SNS::(TopicPolicy|Subscription)|IAM::Policy|Lambda::(Permission|EventInvokeConfig)|Logs::MetricFilter|EC2::SecurityGroup(Ingress|Egress))$/;

function scalableTarget(scope: Construct): unknown {
  return (scope.node.findChild('Service') as FargateService).autoScaleTaskCount({ maxCapacity: 3 });
}
