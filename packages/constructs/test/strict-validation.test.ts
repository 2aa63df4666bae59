import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import {
  ExistingRoles,
  type NetworkMode,
  type UploadCopyOptions,
  WordFreqPipeline,
  WorkerImage,
} from '../src/index.ts';

/** CloudFormation's rules for every property, cycles included, as errors. The one file that pays for them. */
function synthesizeStrictly(build: (app: App) => void): void {
  delete process.env['CDK_VALIDATION'];
  const app = new App({ context: { '@aws-cdk/core:validateAgainstDefaultRules': true } });
  build(app);
  app.synth();
}

describe('CloudFormation’s own rules, strictly', () => {
  it('accept both role modes, all networks and all triggers', () => {
    const add = (
      app: App,
      id: string,
      roles: boolean,
      mode: NetworkMode,
      trigger: UploadCopyOptions['trigger'],
    ) => {
      const stack = new Stack(app, id, { env: { account: '123456789012', region: 'eu-central-1' } });
      new WordFreqPipeline(stack, 'WordFreq', {
        image: WorkerImage.fromRegistry('public.ecr.aws/acme/wordfreq-worker:1.0.0'),
        upload: { trigger, code: 'inline' },
        network: { mode },
        ...(roles ? { roles: ExistingRoles.fromName(stack, 'LabRole') } : {}),
        page: {},
        ...(roles ? {} : { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }),
        alarmEmail: 'team@example.com',
        monthlyBudgetUsd: 20,
      });
    };
    expect(() =>
      synthesizeStrictly((app) => {
        add(app, 'One', false, 'isolated', 'notification');
        add(app, 'Two', true, 'public', 'queue');
        add(app, 'Three', false, 'nat', 'eventbridge');
      }),
    ).not.toThrow();
  });

  it('would refuse a wrong pair of CPU and memory', () => {
    expect(() =>
      synthesizeStrictly((app) => {
        new WordFreqPipeline(new Stack(app, 'Wrong'), 'WordFreq', {
          image: WorkerImage.fromRegistry('public.ecr.aws/acme/wordfreq-worker:1.0.0'),
          upload: { code: 'inline' },
          worker: { cpu: 256, memoryLimitMiB: 8192 },
        });
      }),
    ).toThrow();
  });
});
