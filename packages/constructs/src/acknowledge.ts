import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Says why a finding of cdk-nag is right as it is. Written as the CDK's own `Validations.acknowledge()` writes it, which in older versions
 * of the CDK refuses the ids of findings that name a resource.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const before = scope.node.metadata.findLast(({ type }) => type === key)?.data as object | undefined;
  scope.node.addMetadata(key, { ...before, [`Annotation::${id}`]: reason });
}
