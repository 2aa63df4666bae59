import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { BucketToQueue, NativeBucketNotifications } from './index.ts';

// Validation by CloudFormation's rules takes seconds per process, and these tests only read the template.
process.env['CDK_VALIDATION'] = 'false';

function synthesize(build: (stack: Stack) => void): Template {
  const stack = new Stack(new App(), 'Stack');
  build(stack);
  return Template.fromStack(stack);
}

describe(BucketToQueue, () => {
  let template: Template;
  beforeAll(() => {
    template = synthesize((stack) => {
      new BucketToQueue(stack, 'Jobs', { bucket: new Bucket(stack, 'Bucket'), suffix: '.txt' });
    });
  });

  it('creates no custom resource, no function and no role', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(
      ({ Type }) => Type,
    );
    expect(types.sort()).toEqual([
      'AWS::S3::Bucket',
      'AWS::SNS::Subscription',
      'AWS::SNS::Topic',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::Queue',
      'AWS::SQS::Queue',
      'AWS::SQS::QueuePolicy',
      'AWS::SQS::QueuePolicy',
    ]);
  });

  it('announces new and restored objects with the suffix, once S3 may publish', () => {
    template.hasResource('AWS::S3::Bucket', {
      Properties: {
        NotificationConfiguration: {
          TopicConfigurations: ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'].map((Event) => ({
            Event,
            Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.txt' }] } },
            Topic: { Ref: Match.stringLikeRegexp('FileCopied') },
          })),
        },
      },
      DependsOn: [Match.stringLikeRegexp('FileCopied.*Policy')],
    });
  });

  it('lets S3 publish for this account only, and everybody over TLS only', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Action: 'sns:Publish',
            Principal: { Service: 's3.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });

  it('delivers raw to an encrypted queue with a dead-letter queue', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true });
    template.hasResourceProperties('AWS::SQS::Queue', {
      SqsManagedSseEnabled: true,
      VisibilityTimeout: 60,
      RedrivePolicy: { maxReceiveCount: 10, deadLetterTargetArn: Match.anyValue() },
    });
  });

  it('uses an existing queue', () => {
    const given = synthesize((stack) => {
      const queue = new Queue(stack, 'Mine');
      const jobs = new BucketToQueue(stack, 'Jobs', { bucket: new Bucket(stack, 'Bucket'), queue });
      expect([jobs.queue, jobs.deadLetters]).toEqual([queue, undefined]);
    });
    given.resourceCountIs('AWS::SQS::Queue', 1);
  });
});

describe(NativeBucketNotifications, () => {
  it('also announces to queues, functions and EventBridge', () => {
    const template = synthesize((stack) => {
      const fn = new LambdaFunction(stack, 'Function', {
        runtime: Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: Code.fromInline('exports.handler = async () => {};'),
      });
      new NativeBucketNotifications(stack, 'Notifications', new Bucket(stack, 'Bucket'))
        .toQueue(new Queue(stack, 'Queue'), { prefix: 'in/' })
        .toFunction(fn, { prefix: 'fn/' })
        .enableEventBridge();
    });
    const announced = ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'].map((Event) =>
      Match.objectLike({ Event }),
    );
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        EventBridgeConfiguration: { EventBridgeEnabled: true },
        LambdaConfigurations: announced,
        QueueConfigurations: announced,
      },
    });
    template.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 's3.amazonaws.com',
      SourceAccount: { Ref: 'AWS::AccountId' },
    });
    template.resourceCountIs('Custom::S3BucketNotifications', 0);
  });

  it('says what to do about an imported bucket', () => {
    const stack = new Stack(new App(), 'Stack');
    const imported = Bucket.fromBucketName(stack, 'Imported', 'theirs') as Bucket;
    expect(() => new NativeBucketNotifications(stack, 'Notifications', imported)).toThrow('Use EventBridge');
  });
});
