import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  type AddToResourcePolicyResult,
  AnyPrincipal,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnTopic, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { letServiceUseKey } from './customer-key.ts';

/** Conditions of a policy statement, as IAM writes them. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Lets an AWS service publish to a topic, by the topic's policy and its key's. A topic of another app stays as it is; its owner must allow
 * the service.
 */
export function letServicePublish(
  topic: ITopic,
  service: string,
  conditions: Conditions,
): AddToResourcePolicyResult {
  letServiceUseKey(topic, service);
  keepDefaultPolicy(topic);
  return topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { ...conditions },
    }),
  );
}

/** Lets the CloudWatch alarms of the scope's account and region publish. Without it they change their state, and send nothing. */
export function letAlarmsPublish(topic: ITopic, scope: Construct): void {
  const stack = Stack.of(scope);
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat });
  letServicePublish(topic, 'cloudwatch.amazonaws.com', {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': alarms },
  });
}

/**
 * A topic without a policy has a default one, which lets services publish for the account that owns the topic. The first statement of our
 * own replaces it, so what it allowed is said again: the topic may have other publishers.
 */
function keepDefaultPolicy(topic: ITopic): void {
  const isOfThisApp = topic.node.defaultChild instanceof CfnTopic;
  if (!isOfThisApp || topic.node.tryFindChild('Policy') !== undefined) return;
  topic.addToResourcePolicy(
    new PolicyStatement({
      principals: [new AnyPrincipal()],
      actions: ['sns:Publish'],
      resources: [topic.topicArn],
      conditions: { StringEquals: { 'AWS:SourceOwner': Stack.of(topic).account } },
    }),
  );
}
