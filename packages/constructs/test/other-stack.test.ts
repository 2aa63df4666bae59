import { App, NestedStack, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { ResultStore, WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../src/index.ts';
import type { TemplateResource } from './support/synthesize.ts';

process.env['CDK_VALIDATION'] ??= 'false';

const env = { account: '123456789012', region: 'us-east-1' };

/** Resources that another stack of the app may already have. */
const GIVEN: Readonly<Record<string, (other: Stack) => Partial<WordFreqPipelineProps>>> = {
  nothing: () => ({}),
  'the uploading bucket': (other) => ({ upload: { code: 'inline', bucket: new Bucket(other, 'Bucket') } }),
  'the processing bucket': (other) => ({ processingBucket: new Bucket(other, 'Bucket') }),
  'the queue of uploads': (other) => ({ upload: { code: 'inline', queue: new Queue(other, 'Queue') } }),
  'the queue of uploads, by EventBridge': (other) => ({
    upload: { code: 'inline', trigger: 'eventbridge', queue: new Queue(other, 'Queue') },
  }),
  'the dead letters of uploads': (other) => ({
    upload: { code: 'inline', trigger: 'notification', deadLetterQueue: new Queue(other, 'Queue') },
  }),
  'the queues of jobs': (other) => ({
    jobs: { queue: new Queue(other, 'Queue'), deadLetterQueue: new Queue(other, 'Dead') },
  }),
  'the dead letters of jobs': (other) => ({ jobs: { deadLetterQueue: new Queue(other, 'Queue') } }),
  'the topic of jobs': (other) => ({ jobs: { topic: new Topic(other, 'Topic') } }),
  'the topic of jobs, by EventBridge': (other) => ({
    jobs: { via: 'eventbridge', topic: new Topic(other, 'Topic') },
  }),
  'the queue of results': (other) => ({ results: { queue: new Queue(other, 'Queue') } }),
  'the topic of results': (other) => ({ results: { resultTopic: new Topic(other, 'Topic') } }),
  'the topic of alarms': (other) => ({ alarmTopic: new Topic(other, 'Topic') }),
  'the table': (other) => ({ results: { table: new ResultStore(other, 'Store').table } }),
  'the key': (other) => ({ encryptionKey: new Key(other, 'Key') }),
  'the bucket of logs': (other) => ({ logBucket: new Bucket(other, 'Bucket'), page: {} }),
  'the role of the copy Lambda': (other) => ({
    upload: {
      code: 'inline',
      functionProps: {
        role: new Role(other, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
      },
    },
  }),
};

/** A pipeline in a stack beside the one with the existing resource, or in a nested stack of that one. */
function deploy(
  where: 'beside' | 'nested',
  given: (other: Stack) => Partial<WordFreqPipelineProps>,
): { readonly other: Stack; readonly mine: Stack } {
  const app = new App();
  const other = new Stack(app, 'Other', { env });
  const mine = where === 'beside' ? new Stack(app, 'Mine', { env }) : new NestedStack(other, 'Mine');
  new WordFreqPipeline(mine, 'WordFreq', {
    image: WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1'),
    upload: { code: 'inline' },
    ...given(other),
  });
  app.synth();
  return { other, mine };
}

/** Circular dependencies of a template, which CloudFormation would reject. */
function circles(stack: Stack): string[] {
  const resources: Record<string, TemplateResource> = Template.fromStack(stack).toJSON()['Resources'] ?? {};
  const needs = (id: string): string[] => {
    const named = JSON.stringify(resources[id] ?? {}).matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g);
    return [...[...named].map(([, name = '']) => name), ...(resources[id]?.DependsOn ?? [])];
  };
  const visit = (id: string, path: readonly string[]): string[] =>
    path.includes(id) ? [[...path, id].join(' > ')] : needs(id).flatMap((next) => visit(next, [...path, id]));
  return Object.keys(resources).flatMap((id) => visit(id, []));
}

describe.each(['beside', 'nested'] as const)('a pipeline %s the stack that has', (where) => {
  it.each(Object.entries(GIVEN))('%s', (_, given) => {
    const { other, mine } = deploy(where, given);
    expect([...circles(other), ...circles(mine)]).toEqual([]);
  });

  it('the buckets hears of their objects by EventBridge, which it switches on', () => {
    const { other, mine } = deploy(where, (stack) => ({
      upload: { code: 'inline', bucket: new Bucket(stack, 'Uploads') },
      processingBucket: new Bucket(stack, 'Copies'),
    }));
    const template = Template.fromStack(other);
    template.resourcePropertiesCountIs(
      'AWS::S3::Bucket',
      { NotificationConfiguration: { EventBridgeConfiguration: { EventBridgeEnabled: true } } },
      2,
    );
    const rules = { EventPattern: Match.objectLike({ source: ['aws.s3'] }) };
    Template.fromStack(mine).resourcePropertiesCountIs('AWS::Events::Rule', rules, 2);
  });

  it.each([
    ['the trigger "queue"', { upload: { trigger: 'queue' } }],
    ['the trigger "notification"', { upload: { trigger: 'notification' } }],
    ["jobs.via: 'sns'", { jobs: { via: 'sns' } }],
  ] as const)('a bucket says what to do about %s', (option, props) => {
    const build = () =>
      deploy(where, (stack) => ({
        ...props,
        ...('upload' in props ? { upload: { ...props.upload, bucket: new Bucket(stack, 'Bucket') } } : {}),
        ...('jobs' in props ? { processingBucket: new Bucket(stack, 'Bucket') } : {}),
      }));
    expect(build).toThrow(`Expected EventBridge for Other/Bucket, which is in another stack, got ${option}`);
  });
});

it('a queue of another stack takes messages of this account’s topics and rules only', () => {
  const { other } = deploy('beside', (stack) => ({
    upload: { code: 'inline', trigger: 'eventbridge', queue: new Queue(stack, 'Uploads') },
    jobs: { queue: new Queue(stack, 'Jobs'), deadLetterQueue: new Queue(stack, 'Dead') },
  }));
  const allowed = (service: string, arn: string) =>
    Template.fromStack(other).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: Match.objectLike({
        Statement: [
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: service },
            Condition: {
              ArnLike: {
                'aws:SourceArn': { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:${arn}`]] },
              },
            },
          }),
        ],
      }),
    });
  allowed('sns.amazonaws.com', 'sns:us-east-1:123456789012:*');
  allowed('events.amazonaws.com', 'events:us-east-1:123456789012:rule/*');
});
