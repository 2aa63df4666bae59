import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import { isLoopback } from '@org/wordfreq-aws-adapters/rules';
import type { WorkerConfig } from '../config.ts';
import { loadBalancerUser, loadBalancerUserName, type PageOptions } from './index.ts';

/** Which hosts the worker's page accepts, and who may change something there. */
export function pagePolicyOf(
  { HOST: host, PAGE_LOAD_BALANCER_ARN: loadBalancerArn }: WorkerConfig,
  clock: Pick<Clock, 'now'>,
): PageOptions {
  return {
    hosts: isLoopback(host) ? 'loopback' : 'any',
    ...(loadBalancerArn === undefined
      ? {}
      : { authorize: loadBalancerUser({ loadBalancerArn, clock }), nameOf: loadBalancerUserName }),
  };
}
