import { RemovalPolicy } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../src/index.ts';
import { statementsOf, synthesize, type TemplateResource } from './support/synthesize.ts';
import { nameOf, synthesizeVariant, VARIANTS } from './support/variants.ts';

type Resource = readonly [id: string, resource: TemplateResource];

const isKept = ([, { DeletionPolicy }]: Resource): boolean => /^Retain/.test(DeletionPolicy ?? 'Delete');

/**
 * Names that the template fixes, such as BucketName; those with a part of the stack's id are new in each
 * stack.
 */
function fixedNames([id, { Properties = {} }]: Resource): string[] {
  return Object.entries(Properties)
    .filter(
      ([property, value]) => property.endsWith('Name') && !JSON.stringify(value).includes('AWS::StackId'),
    )
    .map(([property]) => `${id} ${property}`);
}

const policiesById = (resources: Iterable<Resource>): Record<string, string | undefined> =>
  Object.fromEntries(
    [...resources]
      .filter(([, { Type }]) => /^AWS::(S3::|DynamoDB::|Backup::BackupVault)/.test(Type))
      .map(([id, { DeletionPolicy }]) => [id.replace(/[0-9A-F]{8}$/, ''), DeletionPolicy]),
  );

function pipeline(props: Partial<WordFreqPipelineProps>): ReadonlyMap<string, TemplateResource> {
  return synthesize((stack) => {
    const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
    new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' }, ...props });
  }).resources;
}

describe('what is retained when its stack is deleted', () => {
  it.each(VARIANTS.map((variant) => [nameOf(variant), variant] as const))(
    'has no name that would be taken when the stack is made again: %s',
    (_, variant) => {
      const kept = [...synthesizeVariant(variant).resources].filter(isKept);
      expect(kept.flatMap(fixedNames)).toEqual([]);
      expect(kept.length).toBeGreaterThanOrEqual(8);
    },
  );

  it('is deleted when the creation is rolled back, except what is protected or has logs in it', () => {
    const expected = {
      WordFreqUploadBucket: 'RetainExceptOnCreate',
      WordFreqUploadBucketPolicy: 'RetainExceptOnCreate',
      WordFreqProcessing: 'RetainExceptOnCreate',
      WordFreqProcessingPolicy: 'RetainExceptOnCreate',
      WordFreqBackupVault: 'RetainExceptOnCreate',
      WordFreqLogs: 'Retain',
      WordFreqLogsPolicy: 'Retain',
      WordFreqResultsTable: 'Retain',
    };
    expect(policiesById(pipeline({}))).toEqual(expected);
    const named = pipeline({
      upload: { code: 'inline', bucketProps: { bucketName: 'acme-uploads' } },
      processingBucketProps: { bucketName: 'acme-texts' },
      results: { tableProps: { tableName: 'acme-results', deletionProtection: false } },
    });
    expect(policiesById(named)).toEqual({ ...expected, WordFreqResultsTable: 'RetainExceptOnCreate' });
  });

  it('includes bucket policies, which reject requests without TLS', () => {
    const resources = pipeline({});
    for (const [id, { Type, DeletionPolicy, UpdateReplacePolicy }] of resources) {
      if (Type !== 'AWS::S3::Bucket') continue;
      const [policy] = [...resources.values()].filter(
        ({ Type: type, Properties }) =>
          type === 'AWS::S3::BucketPolicy' && JSON.stringify(Properties?.['Bucket']) === `{"Ref":"${id}"}`,
      );
      expect(policy).toMatchObject({ DeletionPolicy, UpdateReplacePolicy });
      expect(UpdateReplacePolicy).toBe('Retain');
    }
  });

  it('is only the log bucket with DESTROY, as logs arrive while the stack is deleted', () => {
    const resources = pipeline({ removalPolicy: RemovalPolicy.DESTROY });
    expect([...resources].filter(isKept).map(([id]) => id)).toEqual([
      expect.stringMatching(/^WordFreqLogs[0-9A-F]{8}$/),
      expect.stringMatching(/^WordFreqLogsPolicy[0-9A-F]{8}$/),
    ]);
    const table = [...resources.values()].find(({ Type }) => Type === 'AWS::DynamoDB::GlobalTable');
    expect(JSON.stringify(table)).toContain('"DeletionProtectionEnabled":false');
  });
});

describe('EventBridge', () => {
  it.each([false, true])('may send to the uploads queue for its one rule, with a key of yours: %s', (own) => {
    const { resources } = synthesize(
      (stack) => {
        new WordFreqPipeline(stack, 'WordFreq', {
          image: WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1'),
          upload: { code: 'inline', trigger: 'eventbridge' },
          jobs: { via: 'eventbridge' },
          ...(own ? { encryptionKey: new Key(stack, 'Key') } : {}),
        });
      },
      { env: { account: '123456789012', region: 'eu-central-1' } },
    );
    const allowed = (type: string) =>
      [...resources.values()]
        .filter(({ Type }) => Type === type)
        .flatMap(statementsOf)
        .filter(({ Principal }) => JSON.stringify(Principal) === '{"Service":"events.amazonaws.com"}');
    const ofRule = { 'Fn::GetAtt': [expect.stringContaining('UploadUploads'), 'Arn'] };
    expect(allowed('AWS::SQS::QueuePolicy')).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: expect.anything(),
        Condition: { ArnEquals: { 'aws:SourceArn': ofRule } },
      },
    ]);
    // AWS documents that EventBridge meets no condition in a topic's policy.
    const [publish, ...more] = allowed('AWS::SNS::TopicPolicy');
    expect(more).toEqual([]);
    expect(publish).toMatchObject({ Effect: 'Allow', Action: 'sns:Publish' });
    expect(publish).not.toHaveProperty('Condition');
  });
});
