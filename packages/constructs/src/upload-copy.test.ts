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

  it('is told of every key by one notification when no suffix is asked for', () => {
    const { template } = synthesize((stack) => {
      new UploadCopy(stack, 'Upload', { suffix: '', destination: new Bucket(stack, 'Processing') });
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        QueueConfigurations: [{ Filter: Match.absent() }, { Filter: Match.absent() }].map(Match.objectLike),
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

  it('adds variables to the function’s own, and lets a given role do the work', () => {
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
