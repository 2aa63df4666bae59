import { PutItemCommand, type PutItemCommandOutput } from '@aws-sdk/client-dynamodb';
import type { PutCommandInput } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { prepareCalls, unlessAborted } from '../errors/prepared-calls.ts';
import type { DynamoResultStoreOptions } from './result-item.ts';

/** What must be true of the stored item for a write. */
export type Condition = Pick<
  PutCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Writes an item if the condition holds. */
export type PutItem = (item: object, condition: Condition, signal: AbortSignal | undefined) => Promise<void>;

/**
 * Creates a function that writes items. It does what `PutCommand` does with the same client, but prepares the
 * client's middleware only once, because each job writes an item.
 */
export function createPutItem({ client, tableName }: DynamoResultStoreOptions): PutItem {
  const put = prepareCalls<PutItemCommand, PutItemCommandOutput>((command) =>
    command.resolveMiddleware(client.middlewareStack, client.config, {}),
  );
  return async (item, { ExpressionAttributeValues: values, ...condition }, signal) => {
    const translation = client.config.translateConfig?.marshallOptions;
    const command = new PutItemCommand({
      TableName: tableName,
      Item: marshall(item, translation),
      ...condition,
      ...(values === undefined ? {} : { ExpressionAttributeValues: marshall(values, translation) }),
    });
    await unlessAborted(signal, () => put(tableName, command));
  };
}
