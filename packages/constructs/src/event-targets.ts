import { Stack } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { allowServiceToUseKey } from './customer-key.ts';
import { allowServiceToPublish } from './publish-to-topic.ts';

const EVENTBRIDGE = 'events.amazonaws.com';

/**
 * Sends a rule's events to a queue, whose policy allows that rule only; the CDK's own target omits the
 * condition for an encrypted queue. If the rule is in another stack, the policy allows every rule of the
 * account and Region, because the two stacks would otherwise depend on each other.
 */
export function sendEventsTo(queue: IQueue, rule: Rule): void {
  allowServiceToUseKey(queue, EVENTBRIDGE);
  const everyRule = Stack.of(rule).formatArn({ service: 'events', resource: 'rule', resourceName: '*' });
  queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(EVENTBRIDGE)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions:
        Stack.of(queue) === Stack.of(rule)
          ? { ArnEquals: { 'aws:SourceArn': rule.ruleArn } }
          : { ArnLike: { 'aws:SourceArn': everyRule } },
    }),
  );
  rule.addTarget({ bind: () => ({ arn: queue.queueArn }) });
}

/**
 * Sends a rule's events to a topic. The topic's policy has no condition: AWS documents that EventBridge
 * satisfies none in a topic's policy, so with one nothing would arrive.
 */
export function publishEventsTo(topic: ITopic, rule: Rule): void {
  allowServiceToPublish(topic, EVENTBRIDGE, {});
  rule.addTarget({ bind: () => ({ arn: topic.topicArn }) });
}
