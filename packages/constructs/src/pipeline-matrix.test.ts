import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { findingsIn } from '../test/support/synthesize.ts';
import { nameOf, synthesizeVariant, VARIANTS } from '../test/support/variants.ts';
import { WordFreqPipeline } from './index.ts';

/** What CloudFormation takes from a bucket ("AWS CloudFormation quotas"). */
const TEMPLATE_BYTES = 1_000_000;

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
    // Task, execution, copy and backup logger have a policy of their own; AWS Backup's role has a managed
    // one.
    expect(iam).toEqual(
      variant.roleMode === 'existing'
        ? []
        : [...Array(4).fill('AWS::IAM::Policy'), ...Array(5).fill('AWS::IAM::Role')],
    );
    // Indented, as the CDK writes it.
    expect(Buffer.byteLength(JSON.stringify(template.toJSON(), undefined, 1))).toBeLessThan(TEMPLATE_BYTES);
  });
});
