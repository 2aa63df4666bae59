import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  type AddToResourcePolicyResult,
  AnyPrincipal,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { CfnTopic, type ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { allowServiceToUseKey } from './customer-key.ts';

/** Conditions of a policy statement, as IAM writes them. */
type Conditions = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * Allows an AWS service to publish to a topic, in the policies of the topic and of its key. A topic of
 * another app is left unchanged; its owner must allow the service.
 */
export function allowServiceToPublish(
  topic: ITopic,
  service: string,
  conditions: Conditions,
): AddToResourcePolicyResult {
  allowServiceToUseKey(topic, service);
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

/**
 * Allows the CloudWatch alarms of the scope's account and Region to publish. Without it they change state but
 * send nothing.
 */
export function allowAlarmsToPublish(topic: ITopic, scope: Construct): void {
  const stack = Stack.of(scope);
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  const alarms = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName: '*', arnFormat });
  allowServiceToPublish(topic, 'cloudwatch.amazonaws.com', {
    StringEquals: { 'aws:SourceAccount': stack.account },
    ArnLike: { 'aws:SourceArn': alarms },
  });
}

/**
 * A topic without a policy has AWS's default one, which allows services to publish on behalf of the topic's
 * owner. The first explicit statement replaces that default, so it is repeated here: the topic may have other
 * publishers.
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
