import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** The key of a bucket, table, queue or topic. The CDK names the property differently for each. */
export interface Encrypted {
  /** The key of a bucket or table. @default - a key of AWS */
  readonly encryptionKey?: IKey;
  /** The key of a queue. @default - a key of AWS */
  readonly encryptionMasterKey?: IKey;
  /** The key of a topic. @default - a key of AWS */
  readonly masterKey?: IKey;
}

const keyOf = ({ encryptionKey, encryptionMasterKey, masterKey }: Encrypted): IKey | undefined =>
  encryptionKey ?? encryptionMasterKey ?? masterKey;

/** What S3, SQS and SNS do with a key on behalf of the principal that reads or writes. */
const READ_AND_WRITE = ['kms:Decrypt', 'kms:GenerateDataKey'];
/**
 * What DynamoDB needs in addition: "Authorizing use of your customer managed key", Amazon DynamoDB Developer
 * Guide.
 */
const USE_TABLE = ['kms:DescribeKey', 'kms:Encrypt', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/** Statements for using the customer managed keys of the resources; none if there are no such keys. */
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
 * Allows an AWS service, in the key's own policy, to put messages into an encrypted queue or topic. Without
 * it the service's messages are lost silently. A key of another app is left unchanged; its owner must allow
 * the service. The policy of the queue or topic says on whose behalf the service may act.
 */
export function allowServiceToUseKey(resource: Encrypted, service: string): void {
  keyOf(resource)?.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['*'],
    }),
    true,
  );
}
