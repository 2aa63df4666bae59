import { App, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  ExistingRoles,
  type NetworkMode,
  type UploadCopyOptions,
  WordFreqPipeline,
  WorkerImage,
} from '../src/index.ts';
import { theirs } from '../tools/existing-resources.ts';

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
        image: WorkerImage.fromRegistry(
          '123456789012.dkr.ecr.eu-central-1.amazonaws.com/wordfreq-worker:1.0.0',
        ),
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
        for (const roles of [false, true]) {
          for (const mode of ['public', 'isolated', 'nat'] as const) {
            for (const trigger of ['queue', 'notification', 'eventbridge'] as const) {
              add(app, `Stack${roles ? 'Existing' : ''}-${mode}-${trigger}`, roles, mode, trigger);
            }
          }
        }
      }),
    ).not.toThrow();
  }, 120_000);

  it('accept resources that are there already, in place of all that can be', () => {
    expect(() =>
      synthesizeStrictly((app) => {
        const stack = new Stack(app, 'Given', { env: { account: '123456789012', region: 'eu-central-1' } });
        new WordFreqPipeline(stack, 'WordFreq', {
          image: WorkerImage.fromRegistry(
            '123456789012.dkr.ecr.eu-central-1.amazonaws.com/wordfreq-worker:1.0.0',
          ),
          upload: {
            bucket: theirs.bucket(stack),
            function: theirs.function(stack),
            rule: theirs.rule(stack),
          },
          jobs: {
            topic: theirs.topic(stack),
            queue: theirs.queue(stack),
            deadLetterQueue: theirs.deadLetters(stack),
          },
          results: { table: theirs.table(stack) },
          worker: { taskDefinition: theirs.taskDefinition(stack), cluster: theirs.cluster(stack) },
          backup: { plan: theirs.plan(stack), vault: theirs.vault(stack) },
          network: { vpc: theirs.vpc(new Construct(stack, 'Network')) },
          page: { loadBalancer: theirs.loadBalancer(stack), listener: theirs.listener(stack), priority: 1 },
          dashboard: theirs.dashboard(stack),
        });
      }),
    ).not.toThrow();
  }, 60_000);

  it('would refuse a wrong pair of CPU and memory', () => {
    expect(() =>
      synthesizeStrictly((app) => {
        new WordFreqPipeline(new Stack(app, 'Wrong'), 'WordFreq', {
          image: WorkerImage.fromRegistry(
            '123456789012.dkr.ecr.eu-central-1.amazonaws.com/wordfreq-worker:1.0.0',
          ),
          upload: { code: 'inline' },
          worker: { cpu: 256, memoryLimitMiB: 8192 },
        });
      }),
    ).toThrow();
  });
});
