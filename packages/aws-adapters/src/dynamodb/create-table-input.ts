import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';

/** The names of the table's key: part of the public contract, because deployed tables have them. */
export const TABLE_KEY = {
  /** Partition key: `bucket/key`. */
  partition: 'object',
  /** Sort key: `versionId-or-eTag#jobId`, or `latest`. */
  sort: 'version',
} as const;

/**
 * The table that `createDynamoResultStore` needs, to be created as it is or compared with what your own tool makes.
 * Billing is per request: an idle pipeline costs nothing.
 *
 * @example
 * await client.send(new CreateTableCommand(createTableInput('wordfreq-results')));
 */
export function createTableInput(tableName: string): CreateTableCommandInput {
  return {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: TABLE_KEY.partition, AttributeType: 'S' },
      { AttributeName: TABLE_KEY.sort, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: TABLE_KEY.partition, KeyType: 'HASH' },
      { AttributeName: TABLE_KEY.sort, KeyType: 'RANGE' },
    ],
  };
}
