import type { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { findingsIn } from '../test/support/synthesize.ts';
import { nameOf, synthesizeVariant, VARIANTS } from '../test/support/variants.ts';
import { WordFreqPipeline } from './index.ts';

/** What CloudFormation takes without a bucket; the reference stack minifies what it deploys so. */
const INLINE_TEMPLATE_BYTES = 51_200;
/** Without the check of the bootstrap version, which stacks for such accounts do not have (see the reference stack's synthesizer). */
function bytesOf(template: Template): number {
  const { Rules: _, Parameters: __, ...sent } = template.toJSON();
  return Buffer.byteLength(JSON.stringify(sent));
}

describe(WordFreqPipeline, () => {
  it.each(VARIANTS.map((variant) => [nameOf(variant), variant] as const))('%s: no finding', (_, variant) => {
    const { stack, template, resources } = synthesizeVariant(variant);
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
      variant.roleMode === 'existing'
        ? []
        : [...Array(4).fill('AWS::IAM::Policy'), ...Array(5).fill('AWS::IAM::Role')],
    );
    // A NAT gateway with a page and everything else is just above it; the reference stack, which is measured too, is not.
    if (variant.roleMode === 'existing' && variant.mode !== 'nat')
      expect(bytesOf(template)).toBeLessThan(INLINE_TEMPLATE_BYTES);
  });
});
