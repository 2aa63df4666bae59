import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Records why a cdk-nag finding is acceptable. The metadata has the form that the CDK's own
 * `Validations.acknowledge()` writes; older versions of that method reject ids of findings that name a
 * resource.
 */
export function acknowledge(scope: IConstruct, id: string, reason: string): void {
  const key = Validations.ACKNOWLEDGED_RULES_METADATA_KEY;
  const before = scope.node.metadata.findLast(({ type }) => type === key)?.data as object | undefined;
  scope.node.addMetadata(key, { ...before, [`Annotation::${id}`]: reason });
}
