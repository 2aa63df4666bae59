import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { WordFreqPipeline, WorkerImage } from '../src/index.ts';
import { synthesize } from './support/synthesize.ts';

/** What would lose data or addresses when its logical id changed, because CloudFormation would replace it. */
const KEPT =
  /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic|DynamoDB::GlobalTable|Backup::BackupVault|Logs::LogGroup|EC2::VPC|ECS::(Cluster|Service)|Lambda::Function)$/;

describe('logical ids', () => {
  it('stay as they were published: a change replaces buckets and tables, so it needs a major version', () => {
    const { resources } = synthesize((stack) => {
      const image = WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1');
      new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' } });
    });
    const kept = [...resources]
      .filter(([, { Type }]) => KEPT.test(Type))
      .map(([id, { Type }]) => `${id} ${Type}`);
    const inventory = readFileSync(new URL('fixtures/logical-ids.txt', import.meta.url), 'utf8');
    expect(`${kept.sort().join('\n')}\n`).toBe(inventory);
  });
});
