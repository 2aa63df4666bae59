import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { findingsIn, synthesize } from '../test/support/synthesize.ts';
import {
  ExistingRoles,
  type NetworkMode,
  type UploadCopyOptions,
  WordFreqPipeline,
  WorkerImage,
} from './index.ts';

const MODES = ['default', 'existing'] as const;
const NETWORKS: readonly NetworkMode[] = ['public', 'isolated', 'nat'];
const TRIGGERS = ['queue', 'notification', 'eventbridge'] as const;

const VARIANTS = MODES.flatMap((roleMode) =>
  NETWORKS.flatMap((mode) => TRIGGERS.map((trigger) => ({ roleMode, mode, trigger }))),
);

/** What CloudFormation takes without a bucket; the reference stack minifies what it deploys so. */
const INLINE_TEMPLATE_BYTES = 51_200;
const bytesOf = (template: Template): number => Buffer.byteLength(JSON.stringify(template.toJSON()));

describe(WordFreqPipeline, () => {
  it.each(VARIANTS)(
    '$roleMode roles, $mode network, $trigger trigger: no finding',
    ({ roleMode, mode, trigger }) => {
      const { stack, template, resources } = synthesize((scope) => {
        const upload: UploadCopyOptions = { trigger, code: 'inline' };
        new WordFreqPipeline(scope, 'WordFreq', {
          image: WorkerImage.fromRegistry(
            '123456789012.dkr.ecr.us-east-1.amazonaws.com/wordfreq-worker:1.0.0',
          ),
          upload,
          network: { mode },
          ...(roleMode === 'existing' ? { roles: ExistingRoles.fromName(scope, 'LabRole') } : {}),
          page: {},
          alarmEmail: 'team@example.com',
          resultEmail: 'team@example.com',
          monthlyBudgetUsd: 20,
        });
      });
      const report = new AwsSolutionsChecks().validateScope(stack);
      const findings = report.violations.map(
        ({ ruleName, violatingResources }) =>
          `${ruleName}: ${violatingResources.map(({ resourceLogicalId }) => resourceLogicalId).join(', ')}`,
      );
      expect(findings).toEqual([]);
      expect(findingsIn(resources)).toEqual([]);
      const types = [...resources.values()].map(({ Type }) => Type);
      const iam = types.filter((type) => type.startsWith('AWS::IAM::')).sort();
      // Task, execution, copy and backup logger have a policy of their own; AWS Backup's role has a managed one.
      expect(iam).toEqual(
        roleMode === 'existing'
          ? []
          : [...Array(4).fill('AWS::IAM::Policy'), ...Array(5).fill('AWS::IAM::Role')],
      );
      if (roleMode === 'existing') expect(bytesOf(template)).toBeLessThan(INLINE_TEMPLATE_BYTES);
    },
  );
});
