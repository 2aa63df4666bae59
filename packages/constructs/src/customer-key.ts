import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** A bucket, table, queue or topic, as far as its key goes; each names it differently. */
export interface Encrypted {
  /** Of buckets and tables. @default - a key of AWS */
  readonly encryptionKey?: IKey;
  /** Of queues. @default - a key of AWS */
  readonly encryptionMasterKey?: IKey;
  /** Of topics. @default - a key of AWS */
  readonly masterKey?: IKey;
}

const keyOf = ({ encryptionKey, encryptionMasterKey, masterKey }: Encrypted): IKey | undefined =>
  encryptionKey ?? encryptionMasterKey ?? masterKey;

/** What S3, SQS and SNS do with a key on behalf of who reads and writes. */
const READ_AND_WRITE = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** What DynamoDB asks for besides: "Authorizing use of your customer managed key", Amazon DynamoDB Developer Guide. */
const USE_TABLE = ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** What a role must be allowed besides, where resources are encrypted with keys of the customer; nothing where they are not. */
export function useKeys(resources: readonly Encrypted[]): PolicyStatement[] {
  return [
    ...allowWithKeys(READ_AND_WRITE, resources),
    ...allowWithKeys(
      USE_TABLE,
      resources.filter((resource) => 'tableArn' in resource),
    ),
  ];
}

function allowWithKeys(actions: string[], resources: readonly Encrypted[]): PolicyStatement[] {
  const arns = new Set(resources.flatMap((resource) => keyOf(resource)?.keyArn ?? []));
  return arns.size === 0 ? [] : [new PolicyStatement({ actions, resources: [...arns] })];
}

/**
 * Lets an AWS service put messages into an encrypted queue or topic, by the key's own policy. Without it the service's messages are lost
 * silently. A key of another app stays as it is; its owner must allow the service. Whom the service may act for is said by the policy of
 * the queue or topic.
 */
export function letServiceUseKey(resource: Encrypted, service: string): void {
  keyOf(resource)?.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
    }),
    true,
  );
}
