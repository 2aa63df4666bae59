import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

/**
 * A TLS-only topic. SNS keeps messages on encrypted disks in any case; a key adds encryption of each message.
 */
export function createTopic(scope: Construct, id: string, key?: IKey): Topic {
  return new Topic(scope, id, { enforceSSL: true, ...(key === undefined ? {} : { masterKey: key }) });
}
