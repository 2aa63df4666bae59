/**
 * Each way in which an AWS service accesses a resource through the resource's own policy: as data, from AWS's
 * documentation. Ways that need no policy are omitted: S3 to EventBridge, alarms to scaling policies, budgets
 * to e-mail, queues to their dead-letter queues.
 */
import { ACCOUNT, type DeployedTemplate } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

/** The condition keys by which services say for whom they act. */
export type SourceKey = 'aws:SourceArn' | 'aws:SourceAccount';

/** One use of an arrow, found in a template. */
export interface Delivery {
  /** The logical id of what makes the service call. */
  readonly from: string;
  /** What the service says in `aws:SourceArn`. */
  readonly source: string;
  /** ARN, name or URL of the resource that is reached. */
  readonly to: unknown;
  /** Below the resource, such as an object of a bucket. @default the resource itself */
  readonly below?: string;
}

export interface ServiceArrow {
  readonly name: string;
  readonly service: string;
  readonly action: string;
  /** What the service sends, and nothing else: a policy that asks for more never holds. */
  readonly sends: readonly SourceKey[];
  /** What else the service sends. */
  readonly context?: Readonly<Record<string, string>>;
  /**
   * Whom the policy must tell apart: `source` this one from others of the account, `account` this account
   * from others.
   */
  readonly narrow: 'source' | 'account' | 'nothing';
  /**
   * Where the destination is encrypted with a key of the customer: what the service sends to KMS, or that it
   * cannot use such a key.
   */
  readonly key: readonly SourceKey[] | 'never' | 'none';
  /**
   * Whether the policy must be there before `from`: AWS looks for it then, or what comes at once would be
   * lost.
   */
  readonly policyFirst: boolean;
  readonly find: (template: DeployedTemplate) => Delivery[];
}

const BOTH = ['aws:SourceArn', 'aws:SourceAccount'] as const;

/** What an S3 bucket announces to destinations of one kind. */
const announced =
  (kind: 'Topic' | 'Queue' | 'Lambda') =>
  (template: DeployedTemplate): Delivery[] =>
    template.ofType('AWS::S3::Bucket').flatMap(([from, { NotificationConfiguration }]) => {
      const list = ((NotificationConfiguration ?? {}) as Json)[`${kind}Configurations`] ?? [];
      const name = kind === 'Lambda' ? 'Function' : kind;
      return (list as Json[]).map((each) => ({ from, source: template.arn(from), to: each[name] }));
    });

const S3_ANNOUNCES = {
  service: 's3.amazonaws.com',
  sends: BOTH,
  // The bucket's ARN in the policy would close a cycle: the bucket must come after the policy.
  narrow: 'account',
  key: [],
  policyFirst: true,
} as const;

/** The targets of rules that are reached by the target's policy, not by a role. */
const targets =
  (service: 'sqs' | 'sns' | 'lambda') =>
  (template: DeployedTemplate): Delivery[] =>
    template
      .ofType('AWS::Events::Rule')
      .flatMap(([from, { Targets }]) =>
        ((Targets ?? []) as Json[])
          .filter(
            ({ Arn, RoleArn }) => RoleArn === undefined && String(Arn).startsWith(`arn:aws:${service}:`),
          )
          .map(({ Arn: to }) => ({ from, source: template.arn(from), to })),
      );

const EVENTBRIDGE = {
  service: 'events.amazonaws.com',
  sends: ['aws:SourceArn'],
  narrow: 'source',
  // AWS says that EventBridge sends no condition key to KMS.
  key: [],
  policyFirst: false,
} as const;

/** Who assumes a role of the template. */
const assumed =
  (type: string, property: string) =>
  (template: DeployedTemplate): Delivery[] =>
    template.ofType(type).flatMap(([from, properties]) => {
      const to = property
        .split('.')
        .reduce<unknown>((at, name) => (at as Json | undefined)?.[name], properties);
      return to === undefined ? [] : [{ from, source: template.arn(from), to }];
    });

const ASSUMES = {
  action: 'sts:AssumeRole',
  sends: [],
  narrow: 'nothing',
  key: 'none',
  policyFirst: true,
} as const;

function flowLogs(template: DeployedTemplate): Delivery[] {
  return template.ofType('AWS::EC2::FlowLog').flatMap(([from, { LogDestination, LogDestinationType }]) => {
    if (LogDestinationType !== 's3') return [];
    const [bucket = '', ...folders] = String(LogDestination).split('/');
    const source = `arn:aws:logs:${template.region}:${ACCOUNT}:delivery-source`;
    return [
      { from, source, to: bucket, below: `${folders.join('/')}AWSLogs/${ACCOUNT}/vpcflowlogs/a.log.gz` },
    ];
  });
}

function loadBalancerLogs(template: DeployedTemplate): Delivery[] {
  return template.ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').flatMap(([from, properties]) => {
    const attributes = new Map(
      ((properties['LoadBalancerAttributes'] ?? []) as { Key: string; Value: string }[]).map(
        ({ Key, Value }) => [Key, Value],
      ),
    );
    if (attributes.get('access_logs.s3.enabled') !== 'true') return [];
    const prefix = attributes.get('access_logs.s3.prefix');
    const folder = prefix === undefined ? '' : `${prefix}/`;
    const below = `${folder}AWSLogs/${ACCOUNT}/ELBAccessLogTestFile`;
    return [{ from, source: template.arn(from), to: attributes.get('access_logs.s3.bucket'), below }];
  });
}

function bucketLogs(template: DeployedTemplate): Delivery[] {
  return template.ofType('AWS::S3::Bucket').flatMap(([from, { LoggingConfiguration }]) => {
    const { DestinationBucketName: to, LogFilePrefix = '' } = (LoggingConfiguration ?? {}) as Json;
    return to === undefined ? [] : [{ from, source: template.arn(from), to, below: `${LogFilePrefix}a.log` }];
  });
}

export const SERVICE_ARROWS: readonly ServiceArrow[] = [
  { name: 'S3 to SQS', action: 'sqs:SendMessage', find: announced('Queue'), ...S3_ANNOUNCES },
  { name: 'S3 to SNS', action: 'sns:Publish', find: announced('Topic'), ...S3_ANNOUNCES },
  { name: 'S3 to Lambda', action: 'lambda:InvokeFunction', find: announced('Lambda'), ...S3_ANNOUNCES },
  {
    name: 'SNS to SQS',
    service: 'sns.amazonaws.com',
    action: 'sqs:SendMessage',
    sends: BOTH,
    narrow: 'source',
    key: [],
    policyFirst: true,
    find: (template) =>
      template
        .ofType('AWS::SNS::Subscription')
        .flatMap(([from, { Protocol, Endpoint, TopicArn }]) =>
          Protocol === 'sqs' ? [{ from, source: String(TopicArn), to: Endpoint }] : [],
        ),
  },
  {
    name: 'CloudWatch alarm to SNS',
    service: 'cloudwatch.amazonaws.com',
    action: 'sns:Publish',
    sends: BOTH,
    narrow: 'account',
    key: BOTH,
    policyFirst: false,
    find: (template) =>
      template
        .ofType('AWS::CloudWatch::Alarm')
        .flatMap(([from, properties]) =>
          ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((when) =>
            ((properties[when] ?? []) as string[])
              .filter((action) => action.startsWith('arn:aws:sns:'))
              .map((to) => ({ from, source: template.arn(from), to })),
          ),
        ),
  },
  { name: 'EventBridge to SQS', action: 'sqs:SendMessage', find: targets('sqs'), ...EVENTBRIDGE },
  {
    ...EVENTBRIDGE,
    name: 'EventBridge to SNS',
    action: 'sns:Publish',
    // AWS says that EventBridge meets no condition in the policy of a topic.
    sends: [],
    narrow: 'nothing',
    find: targets('sns'),
  },
  { name: 'EventBridge to Lambda', action: 'lambda:InvokeFunction', find: targets('lambda'), ...EVENTBRIDGE },
  {
    name: 'load balancer log to S3',
    service: 'logdelivery.elasticloadbalancing.amazonaws.com',
    action: 's3:PutObject',
    // AWS's page has no condition, and does not say what is sent. Strangers are kept out by the path, which
    // has the account.
    sends: [],
    narrow: 'nothing',
    key: 'never',
    policyFirst: true,
    find: loadBalancerLogs,
  },
  {
    name: 'flow log to S3',
    service: 'delivery.logs.amazonaws.com',
    action: 's3:PutObject',
    sends: BOTH,
    context: { 's3:x-amz-acl': 'bucket-owner-full-control' },
    narrow: 'account',
    key: 'none',
    policyFirst: true,
    find: flowLogs,
  },
  {
    name: 'flow log looks at the bucket',
    service: 'delivery.logs.amazonaws.com',
    action: 's3:GetBucketAcl',
    sends: BOTH,
    narrow: 'account',
    key: 'none',
    policyFirst: true,
    find: (template) => flowLogs(template).map(({ from, source, to }) => ({ from, source, to })),
  },
  {
    name: 'access log to S3',
    service: 'logging.s3.amazonaws.com',
    action: 's3:PutObject',
    sends: BOTH,
    narrow: 'account',
    key: 'never',
    // S3 checks nothing, and the log would stay empty without a word.
    policyFirst: false,
    find: bucketLogs,
  },
  {
    name: 'Lambda assumes its role',
    service: 'lambda.amazonaws.com',
    find: assumed('AWS::Lambda::Function', 'Role'),
    ...ASSUMES,
  },
  {
    name: 'ECS assumes the task role',
    service: 'ecs-tasks.amazonaws.com',
    find: assumed('AWS::ECS::TaskDefinition', 'TaskRoleArn'),
    ...ASSUMES,
  },
  {
    name: 'ECS assumes the execution role',
    service: 'ecs-tasks.amazonaws.com',
    find: assumed('AWS::ECS::TaskDefinition', 'ExecutionRoleArn'),
    ...ASSUMES,
  },
  {
    name: 'AWS Backup assumes its role',
    service: 'backup.amazonaws.com',
    find: assumed('AWS::Backup::BackupSelection', 'BackupSelection.IamRoleArn'),
    ...ASSUMES,
  },
];
