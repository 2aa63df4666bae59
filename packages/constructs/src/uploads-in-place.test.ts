import type { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { findingsIn, type Synthesized, synthesize } from '../test/support/synthesize.ts';
import { WordFreqPipeline } from './wordfreq-pipeline.ts';
import type { WordFreqPipelineProps } from './wordfreq-pipeline-props.ts';
import { WorkerImage } from './worker-image.ts';

type PropsOf = (stack: Stack) => Partial<WordFreqPipelineProps>;

function inPlace(propsOf: PropsOf = () => ({})): Synthesized & { readonly pipeline: WordFreqPipeline } {
  let pipeline: WordFreqPipeline | undefined;
  const synthesized = synthesize((stack) => {
    pipeline = new WordFreqPipeline(stack, 'WordFreq', {
      image: WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1'),
      copyUploads: false,
      ...propsOf(stack),
    });
  });
  if (pipeline === undefined) throw new Error('Expected a pipeline.');
  return { ...synthesized, pipeline };
}

/** The ids of the resources of a type. */
const idsOf = ({ resources }: Synthesized, type: string): string[] =>
  [...resources].filter(([, { Type }]) => Type === type).map(([id]) => id);

const TEXTS = ['.txt', '.txt.gz', '.txt.zst'];

describe('a pipeline that counts uploads in place', () => {
  it('has one bucket besides that of logs, and neither a copy Lambda nor what belongs to it', () => {
    const made = inPlace();
    expect(idsOf(made, 'AWS::S3::Bucket')).toEqual([
      expect.stringMatching(/^WordFreqLogs/),
      expect.stringMatching(/^WordFreqUploadBucket/),
    ]);
    expect(idsOf(made, 'AWS::Lambda::Function')).toEqual([expect.stringMatching(/^WordFreqBackupLogger/)]);
    expect([...made.resources.keys()].filter((id) => /Copy|Processing|Uncopied/.test(id))).toEqual([]);
    expect(made.pipeline.upload).toBeUndefined();
    expect(made.pipeline.uploadBucket).toBe(made.pipeline.processingBucket);
    expect(made.pipeline.metrics.copies).toBeUndefined();
    expect(findingsIn(made.resources)).toEqual([]);
    expect(new AwsSolutionsChecks().validateScope(made.stack).violations).toEqual([]);
  });

  it('announces each version of each text to the jobs queue itself', () => {
    const { template, pipeline, stack } = inPlace();
    const Queue = stack.resolve(pipeline.jobs.queue.queueArn);
    const announcements = TEXTS.flatMap((Value) =>
      ['s3:ObjectCreated:*', 's3:ObjectRestore:Completed'].map((Event) => ({
        Event,
        Queue,
        Filter: { S3Key: { Rules: [{ Name: 'suffix', Value }] } },
      })),
    );
    template.hasResourceProperties('AWS::S3::Bucket', {
      VersioningConfiguration: { Status: 'Enabled' },
      NotificationConfiguration: { QueueConfigurations: announcements },
    });
    expect(pipeline.jobs.topic).toBeUndefined();
    template.resourcePropertiesCountIs('AWS::SNS::Subscription', { Protocol: 'sqs' }, 0);
  });

  it('lets workers read versions of uploads, and change nothing there', () => {
    const { pipeline, stack } = inPlace();
    const task = pipeline.requiredPermissions.filter(({ purpose }) => purpose === 'task');
    const ofS3 = task.flatMap(({ statements }) =>
      (statements as { Action: string | string[] }[]).filter(({ Action }) =>
        [Action].flat().some((action) => action.startsWith('s3:')),
      ),
    );
    const arn = `<${stack.getLogicalId(pipeline.uploadBucket.node.defaultChild as never)}.Arn>`;
    expect(ofS3).toEqual([
      { Effect: 'Allow', Action: ['s3:GetObject', 's3:GetObjectVersion'], Resource: `${arn}/*` },
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: arn },
    ]);
    expect(pipeline.requiredPermissions.map(({ purpose }) => purpose)).not.toContain('copy');
  });

  it('tells the command line that uploads are where workers read', () => {
    const { template } = inPlace();
    const value = JSON.stringify(
      Object.entries(template.findOutputs('*')).find(([id]) => id.includes('CommandLine')),
    );
    expect(value).not.toContain('UPLOADS_');
    const bucketOf = (variable: string): string | undefined =>
      new RegExp(`${variable}=",{"Ref":"(\\w+)"`).exec(value)?.[1];
    expect(bucketOf('UPLOADING_BUCKET')).toMatch(/^WordFreqUploadBucket/);
    expect(bucketOf('PROCESSING_BUCKET')).toBe(bucketOf('UPLOADING_BUCKET'));
  });

  it('announces on a topic where there is another subscriber', () => {
    const { template, pipeline, stack } = inPlace(() => ({
      upload: { prefix: 'in/', suffix: '.md' },
      jobs: { email: 'team@example.com' },
    }));
    const Topic = stack.resolve(pipeline.jobs.topic?.topicArn);
    const rules = [
      { Name: 'prefix', Value: 'in/' },
      { Name: 'suffix', Value: '.md' },
    ];
    const filter = { S3Key: { Rules: rules } };
    template.hasResourceProperties('AWS::S3::Bucket', {
      NotificationConfiguration: {
        TopicConfigurations: Match.arrayWith([{ Event: 's3:ObjectCreated:*', Topic, Filter: filter }]),
      },
    });
  });

  it('counts in an existing bucket, whose events EventBridge delivers', () => {
    const { template, pipeline } = inPlace((stack) => ({
      upload: { bucket: Bucket.fromBucketName(stack, 'Theirs', 'theirs') as IBucket },
    }));
    expect(pipeline.uploadBucket.bucketName).toBe('theirs');
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        detail: {
          bucket: { name: ['theirs'] },
          object: { key: TEXTS.map((suffix) => ({ suffix })) },
        },
      },
    });
  });

  const refused: readonly [string, PropsOf, RegExp][] = [
    [
      'a second bucket',
      (stack) => ({ processingBucket: Bucket.fromBucketName(stack, 'Theirs', 'theirs') as IBucket }),
      /upload\.bucket/,
    ],
    ['properties of a second bucket', () => ({ processingBucketProps: {} }), /upload\.bucketProps/],
    ['how to copy', () => ({ upload: { trigger: 'queue' } }), /unknown "trigger"/],
    ['a topic that nothing would send to', () => ({ jobs: { via: 'sqs', email: 'a@b.c' } }), /got 'sqs'/],
    [
      'a value that is neither true nor false',
      () => ({ copyUploads: 'no' as never }),
      /copyUploads to be true or false, got 'no'/,
    ],
    [
      'properties of a bucket that is given',
      (stack) => ({
        upload: { bucket: Bucket.fromBucketName(stack, 'Theirs', 'theirs') as IBucket, bucketProps: {} },
      }),
      /got both/,
    ],
  ];
  it.each(refused)('refuses %s', (_, propsOf, message) => {
    expect(() => inPlace(propsOf)).toThrow(message);
  });
});
