import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { synthesize } from '../test/support/synthesize.ts';
import { UploadCopy, type UploadCopyProps } from './index.ts';

describe(UploadCopy, () => {
  it('is invoked by a queue with partial batch responses', () => {
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

  it.each([
    ['queue', 'QueueConfigurations'],
    ['notification', 'LambdaConfigurations'],
  ] as const)('is told of compressed texts, too, by %s', (trigger, configurations) => {
    const { template } = synthesize((stack) => {
      new UploadCopy(stack, 'Upload', { trigger, destination: new Bucket(stack, 'Processing') });
    });
    const announced = ['.txt', '.txt.gz', '.txt.zst'].flatMap((Value) =>
      ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'].map((Event) =>
        Match.objectLike({ Event, Filter: { S3Key: { Rules: [{ Name: 'suffix', Value }] } } }),
      ),
    );
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: { [configurations]: announced },
    });
    // One permission serves all of them.
    template.resourceCountIs('AWS::Lambda::Permission', trigger === 'notification' ? 1 : 0);
  });

  it('gets every key by one notification with an empty suffix', () => {
    const { template } = synthesize((stack) => {
      new UploadCopy(stack, 'Upload', { suffix: '', destination: new Bucket(stack, 'Processing') });
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: [{ Filter: Match.absent() }, { Filter: Match.absent() }].map(Match.objectLike),
      },
    });
  });

  it('uses EventBridge for an imported bucket, without changing it', () => {
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
        detail: {
          bucket: { name: ['theirs'] },
          object: { key: ['.txt', '.txt.gz', '.txt.zst'].map((end) => ({ wildcard: `in\\*/*${end}` })) },
        },
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

  it('rejects a queue if S3 invokes the function directly', () => {
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

  it('adds environment variables to its own, and gives a given role a policy', () => {
    const build = (props: Partial<UploadCopyProps>) =>
      synthesize((stack) => {
        new UploadCopy(stack, 'Upload', { destination: new Bucket(stack, 'Processing'), ...props });
      });
    const { template } = synthesize((stack) => {
      new UploadCopy(stack, 'Upload', {
        destination: new Bucket(stack, 'Processing'),
        functionProps: {
          environment: { LOG_LEVEL: 'debug' },
          role: Role.fromRoleName(stack, 'Theirs', 'theirs'),
        },
      });
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({ LOG_LEVEL: 'debug', PROCESSING_BUCKET: Match.anyValue() }),
      },
    });
    template.resourceCountIs('AWS::IAM::Role', 0);
    template.hasResourceProperties('AWS::IAM::Policy', { Roles: ['theirs'] });
    const logGroup = LogGroup.fromLogGroupName(new Stack(), 'Log', 'theirs');
    expect(() => build({ functionProps: { logGroup } })).toThrow('Expected "logGroup" beside');
  });

  it('rejects copying a bucket into itself', () => {
    expect(() =>
      synthesize((stack) => {
        const bucket = new Bucket(stack, 'One');
        new UploadCopy(stack, 'Upload', { bucket, destination: bucket });
      }),
    ).toThrow('Expected two buckets, got one');
  });

  it('rejects options that would add a custom resource, and says what to do instead', () => {
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
