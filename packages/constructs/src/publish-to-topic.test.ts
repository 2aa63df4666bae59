import type { Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { synthesize, type TemplateResource } from '../test/support/synthesize.ts';
import {
  BucketToQueue,
  PipelineAlarms,
  QueueWorkerService,
  TableBackup,
  UploadCopy,
  WordFreqPipeline,
  WorkerImage,
} from './index.ts';

type Resources = ReadonlyMap<string, TemplateResource>;
interface Statement {
  readonly Effect: string;
  readonly Principal: unknown;
  readonly Action: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

const ENV = { env: { account: '123456789012', region: 'eu-central-1' } };
const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');

const ofType = (resources: Resources, type: string): [string, TemplateResource][] =>
  [...resources].filter(([, { Type }]) => Type === type);

const allowsOf = (resources: Resources, topic: string): Statement[] =>
  ofType(resources, 'AWS::SNS::TopicPolicy')
    .map(([, { Properties = {} }]) => Properties)
    .filter(({ Topics }) => JSON.stringify(Topics).includes(`"${topic}"`))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { readonly Statement: Statement[] }).Statement)
    .filter(({ Effect }) => Effect === 'Allow');

/** The topics of this template that its alarms send to. */
function alarmTopics(resources: Resources): string[] {
  const actions = ofType(resources, 'AWS::CloudWatch::Alarm').flatMap(([, { Properties = {} }]) =>
    ['AlarmActions', 'OKActions'].flatMap((name) => (Properties[name] ?? []) as { readonly Ref: string }[]),
  );
  const topics = actions.map(({ Ref }) => Ref).filter((id) => resources.get(id)?.Type === 'AWS::SNS::Topic');
  return [...new Set(topics)];
}

const CLOUDWATCH = (topic: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: 'sns:Publish',
  Resource: { Ref: topic },
  Condition: {
    StringEquals: { 'aws:SourceAccount': '123456789012' },
    ArnLike: {
      'aws:SourceArn': {
        'Fn::Join': [
          '',
          ['arn:', { Ref: 'AWS::Partition' }, ':cloudwatch:eu-central-1:123456789012:alarm:*'],
        ],
      },
    },
  },
});

const table = (stack: Stack) =>
  new TableV2(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } });

const CASES: readonly [string, (stack: Stack) => void][] = [
  [
    'the pipeline, by default',
    (stack) => void new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' } }),
  ],
  [
    'the pipeline, with a key of the customer',
    (stack) => {
      const encryptionKey = new Key(stack, 'Key');
      new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' }, encryptionKey });
    },
  ],
  [
    'the pipeline, with a topic of this app',
    (stack) => {
      const alarmTopic = new Topic(stack, 'Mine', { enforceSSL: true });
      new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' }, alarmTopic });
    },
  ],
  [
    'a backup alone',
    (stack) => {
      const alarmTopic = new Topic(stack, 'Mine', { enforceSSL: true, masterKey: new Key(stack, 'Key') });
      new TableBackup(stack, 'Backup', { table: table(stack), alarmTopic });
    },
  ],
  [
    'the alarms alone',
    (stack) => {
      const jobs = new Queue(stack, 'Jobs');
      new PipelineAlarms(stack, 'Alarms', {
        jobs,
        topic: new Topic(stack, 'Mine', { masterKey: new Key(stack, 'Key') }),
        workers: new QueueWorkerService(stack, 'Workers', { queue: jobs, image }),
        upload: new UploadCopy(stack, 'Upload', { destination: new Bucket(stack, 'To'), code: 'inline' }),
      });
    },
  ],
];

describe('a topic that alarms notify', () => {
  it.each(CASES)('lets CloudWatch publish for alarms of this account and region only: %s', (_, build) => {
    const { resources } = synthesize(build, ENV);
    const topics = alarmTopics(resources);
    expect(topics).toHaveLength(1);
    for (const topic of topics) {
      const ours = allowsOf(resources, topic).filter(({ Principal }) =>
        JSON.stringify(Principal).includes('cloudwatch'),
      );
      expect(ours).toEqual([CLOUDWATCH(topic)].map((statement) => expect.objectContaining(statement)));
    }
  });

  it.each(CASES)('has a key that CloudWatch may use, if it has a key: %s', (_, build) => {
    const { resources } = synthesize(build, ENV);
    for (const topic of alarmTopics(resources)) {
      const key = resources.get(topic)?.Properties?.['KmsMasterKeyId'] as
        | { readonly 'Fn::GetAtt': readonly [string] }
        | undefined;
      if (key === undefined) continue;
      const document = resources.get(key['Fn::GetAtt'][0])?.Properties?.['KeyPolicy'];
      expect((document as { Statement: Statement[] }).Statement).toContainEqual({
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
        Resource: '*',
      });
    }
  });
});

describe('a topic of the same app that had no policy', () => {
  const DEFAULT = {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'sns:Publish',
    Condition: { StringEquals: { 'AWS:SourceOwner': '123456789012' } },
  };
  const announced = (stack: Stack, prepare: (topic: Topic) => void = () => undefined): void => {
    const topic = new Topic(stack, 'Mine');
    prepare(topic);
    new BucketToQueue(stack, 'Jobs', { bucket: new Bucket(stack, 'Bucket'), topic });
  };
  const policy = (build: (stack: Stack) => void): Statement[] => {
    const { resources } = synthesize(build, ENV);
    const [[topic = ''] = []] = ofType(resources, 'AWS::SNS::Topic');
    return allowsOf(resources, topic);
  };

  it('still lets other services of the account publish, as its default policy did', () => {
    expect(policy((stack) => announced(stack))).toContainEqual(expect.objectContaining(DEFAULT));
    expect(
      policy((stack) => {
        new TableBackup(stack, 'Backup', {
          table: table(stack),
          alarmTopic: new Topic(stack, 'Mine'),
        });
      }),
    ).toContainEqual(expect.objectContaining(DEFAULT));
  });

  it('lets nobody else publish if its owner has given it a policy', () => {
    const own = new PolicyStatement({
      principals: [new ServicePrincipal('ses.amazonaws.com')],
      actions: ['sns:Publish'],
      resources: ['*'],
    });
    const allows = policy((stack) => announced(stack, (topic) => topic.addToResourcePolicy(own)));
    expect(allows.map(({ Principal }) => Principal)).toEqual([
      { Service: 'ses.amazonaws.com' },
      { Service: 's3.amazonaws.com' },
    ]);
  });
});
