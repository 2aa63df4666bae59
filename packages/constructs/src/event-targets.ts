import { Stack } from 'aws-cdk-lib';
import type { Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { letServiceUseKey } from './customer-key.ts';
import { letServicePublish } from './publish-to-topic.ts';

const EVENTBRIDGE = 'events.amazonaws.com';

/**
 * Sends a rule's events to a queue, which takes them from that rule only; the CDK's own target leaves this out for an encrypted queue. From a
 * rule of another stack, where each would need the other one first, it takes those of every rule of the account and Region.
 */
export function sendEventsTo(queue: IQueue, rule: Rule): void {
  letServiceUseKey(queue, EVENTBRIDGE);
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
 * Sends a rule's events to a topic. Its policy has no condition, as AWS documents that EventBridge meets none in a topic's policy: with one
 * nothing would arrive.
 */
export function publishEventsTo(topic: ITopic, rule: Rule): void {
  letServicePublish(topic, EVENTBRIDGE, {});
  rule.addTarget({ bind: () => ({ arn: topic.topicArn }) });
}
