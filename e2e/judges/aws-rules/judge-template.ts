import { judgeOrder } from './creation-order.ts';
import type { DeployedTemplate } from './deployed-template.ts';
import { judgeIsolatedNetworks } from './isolated-network.ts';
import { judgeArrows, type Seen } from './judge-arrows.ts';
import { judgeMetricMath } from './metric-math.ts';
import { judgeKeptPolicies, judgeNames } from './names-and-limits.ts';
import { judgeValues } from './refused-values.ts';

/**
 * Names that owners chose, in our kinds of stack and in cdk.json: such a stack is made again with
 * `cdk deploy --import-existing-resources`.
 */
const isOwned = (name: string): boolean => name.startsWith('acme-') || name === 'wordfreq-worker';

/**
 * Everything in a template that AWS would reject, drop silently, or allow strangers to do; its size is judged
 * separately.
 */
export async function judgeTemplate(template: DeployedTemplate, seen?: Seen): Promise<string[]> {
  return [
    ...(await judgeArrows(template, seen)),
    ...judgeOrder(template),
    ...judgeNames(template, isOwned),
    ...judgeKeptPolicies(template),
    ...judgeIsolatedNetworks(template),
    ...judgeMetricMath(template),
    ...judgeValues(template),
  ];
}
