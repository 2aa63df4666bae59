import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ExistingRoles, WordFreqPipeline, type WordFreqPipelineProps, WorkerImage } from '../src/index.ts';
import { synthesize } from './support/synthesize.ts';

/** What would lose data or addresses when its logical id changed, because CloudFormation would replace it. */
const KEPT =
  /^AWS::(S3::Bucket|SQS::Queue|SNS::Topic|DynamoDB::GlobalTable|Backup::BackupVault|Logs::LogGroup|EC2::VPC|ECS::(Cluster|Service)|Lambda::Function)$/;

const inventory = readFileSync(new URL('fixtures/logical-ids.txt', import.meta.url), 'utf8');

/** Variants that must not rename what the plain pipeline has. */
const VARIANTS: readonly [string, (stack: Stack) => Partial<WordFreqPipelineProps>][] = [
  ['existing roles', (stack) => ({ roles: ExistingRoles.fromName(stack, 'LabRole') })],
  ['an isolated network', () => ({ network: { mode: 'isolated' } })],
  ['a page', () => ({ page: {} })],
  ['digests', () => ({ notify: 'digest' })],
];

function idsOf(props: (stack: Stack) => Partial<WordFreqPipelineProps>): string[] {
  const { resources } = synthesize((stack) => {
    const image = WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1');
    new WordFreqPipeline(stack, 'WordFreq', { image, upload: { code: 'inline' }, ...props(stack) });
  });
  return [...resources].map(([id, { Type }]) => `${id} ${Type}`).sort();
}

const holdsData = (line: string): boolean => KEPT.test(line.split(' ')[1] ?? '');

describe('logical ids', () => {
  it('stay as they were published', () => {
    expect(`${idsOf(() => ({})).join('\n')}\n`).toBe(inventory);
  });

  it.each(VARIANTS)('of what holds data or has an address are the same with %s', (_, props) => {
    expect(idsOf(props).filter(holdsData)).toEqual(inventory.trim().split('\n').filter(holdsData));
  });

  it('of what holds data are the same where uploads are counted in place, without what only copying needs', () => {
    const ofCopying =
      /^WordFreq(Processing|JobsFileCopied|Upload(DeadLetters|Function|Log|Queue))[\dA-F]{8} /;
    const rest = inventory.trim().split('\n').filter(holdsData);
    expect(idsOf(() => ({ copyUploads: false, upload: {} })).filter(holdsData)).toEqual(
      rest.filter((line) => !ofCopying.test(line)),
    );
  });
});
