import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Subscription, SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { allowServiceToUseKey } from './customer-key.ts';

const SNS = 'sns.amazonaws.com';

/**
 * Subscribes a queue to a topic, with raw delivery. The CDK's own subscription names the topic in the queue's
 * policy. If the queue is in another stack, the two stacks would then depend on each other, so that policy
 * allows every topic of this account and Region.
 */
export function subscribeQueue(scope: Construct, topic: ITopic, queue: IQueue): void {
  const here = Stack.of(scope);
  if (Stack.of(topic) === here && Stack.of(queue) === here) {
    topic.addSubscription(new SqsSubscription(queue, { rawMessageDelivery: true }));
    return;
  }
  allowServiceToUseKey(queue, SNS);
  const arnFormat = ArnFormat.NO_RESOURCE_NAME;
  const { policyDependable } = queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(SNS)],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      conditions:
        Stack.of(queue) === here
          ? { ArnEquals: { 'aws:SourceArn': topic.topicArn } }
          : { ArnLike: { 'aws:SourceArn': here.formatArn({ service: 'sns', resource: '*', arnFormat }) } },
    }),
  );
  const subscription = new Subscription(scope, 'Subscription', {
    topic,
    endpoint: queue.queueArn,
    protocol: SubscriptionProtocol.SQS,
    rawMessageDelivery: true,
  });
  if (policyDependable !== undefined) subscription.node.addDependency(policyDependable);
}
