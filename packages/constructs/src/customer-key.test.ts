import { Key } from 'aws-cdk-lib/aws-kms';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { findingsIn, type Synthesized, synthesize } from '../test/support/synthesize.ts';
import {
  ExistingRoles,
  type RequiredPermissions,
  ResultStore,
  WordFreqPipeline,
  WorkerImage,
} from './index.ts';

const ENV = { env: { account: '123456789012', region: 'eu-central-1' } };

interface Statement {
  readonly Principal?: { readonly Service?: string };
  readonly Action: readonly string[];
}

function encrypted(
  variant: { readonly via: 'sns' | 'eventbridge'; readonly existing: boolean },
  told: (permissions: RequiredPermissions[]) => void = () => undefined,
): Synthesized {
  return synthesize((stack) => {
    const pipeline = new WordFreqPipeline(stack, 'WordFreq', {
      image: WorkerImage.fromRegistry('public.ecr.aws/acme/wordfreq-worker:1.0.0'),
      encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
      upload: { code: 'inline', trigger: variant.via === 'sns' ? 'queue' : 'eventbridge' },
      jobs: { via: variant.via },
      page: {},
      ...(variant.existing ? { roles: ExistingRoles.fromName(stack, 'LabRole') } : {}),
    });
    told(pipeline.requiredPermissions);
  }, ENV);
}

function keyUsers({ resources }: Synthesized): string[] {
  const key = [...resources.values()].find(({ Type }) => Type === 'AWS::KMS::Key');
  const policy = key?.Properties?.['KeyPolicy'] as { Statement: Statement[] } | undefined;
  const services = (policy?.Statement ?? []).map(({ Principal }) => Principal?.Service).filter(Boolean);
  return [...new Set(services as string[])].sort();
}

describe('a customer managed key', () => {
  it('encrypts everything that holds data', () => {
    const { resources } = encrypted({ via: 'sns', existing: false });
    const plain = [...resources].filter(([id, { Type, Properties }]) => {
      // S3 writes access logs with its own key only.
      if (id.startsWith('WordFreqLogs')) return false;
      const holdsData =
        /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic|DynamoDB::GlobalTable|Backup::BackupVault)$/.test(Type);
      return holdsData && !/"(Fn::GetAtt|Ref)":(\["Key|"Key)/.test(JSON.stringify(Properties));
    });
    expect(plain.map(([id]) => id)).toEqual([]);
  });

  it.each([
    ['sns', ['cloudwatch.amazonaws.com', 's3.amazonaws.com', 'sns.amazonaws.com']],
    ['eventbridge', ['cloudwatch.amazonaws.com', 'events.amazonaws.com', 'sns.amazonaws.com']],
  ] as const)('may be used by the services that pass messages on: %s', (via, services) => {
    expect(keyUsers(encrypted({ via, existing: false }))).toEqual(services);
  });

  it.each(['sns', 'eventbridge'] as const)(
    'has no finding, with new roles and with existing ones: %s',
    (via) => {
      for (const existing of [false, true]) {
        const { stack, resources } = encrypted({ via, existing });
        const { violations } = new AwsSolutionsChecks().validateScope(stack);
        expect(violations.map(({ ruleName }) => ruleName)).toEqual([]);
        expect(findingsIn(resources)).toEqual([]);
        const iam = [...resources.values()].filter(({ Type }) => Type.startsWith('AWS::IAM::'));
        expect(iam.length === 0).toBe(existing);
      }
    },
  );

  it('requires a region, without which the CDK cannot set a table’s key', () => {
    expect(() =>
      synthesize((stack) => new ResultStore(stack, 'Results', { encryptionKey: new Key(stack, 'Key') })),
    ).toThrow('Expected a stack with "env.region" for encryptionKey');
  });

  it('may be used by the roles that read and write, and requiredPermissions says so', () => {
    let permissions: RequiredPermissions[] = [];
    encrypted({ via: 'sns', existing: true }, (told) => {
      permissions = told;
    });
    const users = permissions.filter(({ statements }) => JSON.stringify(statements).includes('kms:Decrypt'));
    expect(users.map(({ purpose }) => purpose).sort()).toEqual(['copy', 'task']);
  });
});
