import { encodeFormKey } from '@org/wordfreq-aws-adapters/rules';
import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Bucket, type CfnBucket, EventType } from 'aws-cdk-lib/aws-s3';
import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { synthesize, type TemplateResource } from '../test/support/synthesize.ts';
import {
  BucketToQueue,
  NativeBucketNotifications,
  UploadCopy,
  WordFreqPipeline,
  WorkerImage,
} from './index.ts';

const CDK_HANDLER = 'Custom::S3BucketNotifications';

/** Calls that make the CDK's custom resource write a bucket's notifications. */
const MANAGED: Readonly<Record<string, (stack: Stack, bucket: Bucket) => void>> = {
  'enableEventBridgeNotification()': (_, bucket) => bucket.enableEventBridgeNotification(),
  'addEventNotification()': (stack, bucket) =>
    bucket.addEventNotification(EventType.OBJECT_REMOVED, new SqsDestination(new Queue(stack, 'Removed'))),
};

const pipeline = (stack: Stack, props: object): WordFreqPipeline =>
  new WordFreqPipeline(stack, 'WordFreq', {
    image: WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1'),
    upload: { code: 'inline' },
    ...props,
  });

const typesOf = (resources: ReadonlyMap<string, TemplateResource>): string[] =>
  [...resources.values()].map(({ Type }) => Type);

describe('a bucket whose notifications the CDK writes', () => {
  it('announces through EventBridge, in addition to its own notifications', () => {
    const { template, resources } = synthesize((stack) => {
      const bucket = new Bucket(stack, 'Uploads', { eventBridgeEnabled: true });
      const processingBucket = new Bucket(stack, 'Copies');
      MANAGED['addEventNotification()']?.(stack, processingBucket);
      pipeline(stack, { upload: { code: 'inline', bucket }, processingBucket });
    });
    // No NativeBucketNotifications, which would write the same configuration.
    template.resourcePropertiesCountIs('AWS::S3::Bucket', { NotificationConfiguration: Match.anyValue() }, 0);
    template.resourceCountIs(CDK_HANDLER, 2);
    template.resourcePropertiesCountIs(
      CDK_HANDLER,
      { NotificationConfiguration: Match.objectLike({ EventBridgeConfiguration: {} }) },
      2,
    );
    template.resourcePropertiesCountIs(
      CDK_HANDLER,
      { NotificationConfiguration: Match.objectLike({ QueueConfigurations: [Match.anyValue()] }) },
      1,
    );
    const rules = { EventPattern: Match.objectLike({ source: ['aws.s3'] }) };
    template.resourcePropertiesCountIs('AWS::Events::Rule', rules, 2);
    expect(typesOf(resources).filter((type) => type === 'AWS::SQS::QueuePolicy').length).toBeGreaterThan(3);
  });

  it.each(Object.entries(MANAGED))('cannot also announce by itself: %s before', (_, manage) => {
    const build = (announce: (stack: Stack, bucket: Bucket) => void) => () =>
      synthesize((stack) => {
        const bucket = new Bucket(stack, 'Bucket');
        manage(stack, bucket);
        announce(stack, bucket);
      });
    const destination = (stack: Stack) => new Bucket(stack, 'Copies');
    for (const announce of [
      (stack: Stack, bucket: Bucket) => new NativeBucketNotifications(stack, 'Ours', bucket),
      (stack: Stack, bucket: Bucket) => new BucketToQueue(stack, 'Ours', { bucket, via: 'sns' }),
      (stack: Stack, bucket: Bucket) =>
        new UploadCopy(stack, 'Ours', { bucket, trigger: 'queue', destination: destination(stack) }),
    ]) {
      expect(build(announce)).toThrow('Expected all notifications of Stack/Bucket in one place');
    }
  });

  it.each(Object.entries(MANAGED))('is noticed when the app is synthesized: %s afterwards', (_, manage) => {
    const { uploads, processing } = {
      uploads: (made: WordFreqPipeline) => made.uploadBucket as Bucket,
      processing: (made: WordFreqPipeline) => made.processingBucket as Bucket,
    };
    for (const bucketOf of [uploads, processing]) {
      expect(() =>
        synthesize((stack) => {
          manage(stack, bucketOf(pipeline(stack, {})));
        }),
      ).toThrow(/Expected all notifications of Stack\/WordFreq\/\w+(\/Bucket)? in one place.*toQueue\(\)/s);
    }
  });

  it('is noticed when its property is written by others afterwards', () => {
    expect(() =>
      synthesize((stack) => {
        const { uploadBucket } = pipeline(stack, {});
        const resource = uploadBucket.node.defaultChild as CfnBucket;
        resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
      }),
    ).toThrow('Expected all notifications of Stack/WordFreq/Upload/Bucket in one place');
  });
});

describe('prefixes and suffixes', () => {
  const PREFIXES = [
    ['year=2026/', 'year%3D2026/'],
    ['my texts/', 'my+texts/'],
    ['a+b/', 'a%2Bb/'],
    ['Überträge/', '%C3%9Cbertr%C3%A4ge/'],
    ['plain-_.*/x', 'plain-_.*/x'],
  ] as const;

  const filtersOf = (resources: ReadonlyMap<string, TemplateResource>): unknown =>
    JSON.parse(
      JSON.stringify(
        [...resources.values()].map(({ Properties }) => Properties?.['NotificationConfiguration']),
      ),
    );

  it.each(PREFIXES)(
    'go to S3 as it compares them, and to EventBridge and Lambda as they are: %s',
    (prefix, encoded) => {
      for (const trigger of ['queue', 'notification', 'eventbridge'] as const) {
        const { template, resources } = synthesize((stack) => {
          pipeline(stack, { upload: { code: 'inline', trigger, prefix, suffix: ' =.md' } });
        });
        template.hasResourceProperties('AWS::Lambda::Function', {
          Environment: { Variables: Match.objectLike({ COPY_PREFIX: prefix, COPY_SUFFIX: ' =.md' }) },
        });
        if (trigger === 'eventbridge') {
          const wildcard = `${prefix.replaceAll('*', '\\*')}* =.md`;
          template.hasResourceProperties('AWS::Events::Rule', {
            EventPattern: Match.objectLike({
              detail: Match.objectLike({ object: { key: Match.arrayWith([{ wildcard }]) } }),
            }),
          });
        } else {
          expect(JSON.stringify(filtersOf(resources))).toContain(
            JSON.stringify([
              { Name: 'prefix', Value: encoded },
              { Name: 'suffix', Value: '+%3D.md' },
            ]),
          );
        }
      }
    },
  );

  it('are encoded as S3 encodes keys, whatever is in them', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (prefix) => {
        const { resources } = synthesize((stack) => {
          new NativeBucketNotifications(stack, 'Ours', new Bucket(stack, 'Bucket')).toQueue(
            new Queue(stack, 'Queue'),
            {
              prefix,
            },
          );
        });
        expect(JSON.stringify(filtersOf(resources))).toContain(
          JSON.stringify({ Name: 'prefix', Value: encodeFormKey(prefix) }),
        );
      }),
      { numRuns: 40 },
    );
  });
});
