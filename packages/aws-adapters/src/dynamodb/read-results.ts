import { GetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { sendOptions, toAdapterError, withCodedErrors } from '../errors/index.ts';
import type { CallOptions, StoredResult } from '../ports/index.ts';
import { recordOrder } from '../rules/index.ts';
import type { DynamoResultStoreOptions } from './dynamo-options.ts';
import { fromItem, type ItemKey, isResultItem, LATEST, partitionOf } from './table.ts';
import { wordsOf } from './word-spill.ts';

/** Reads one item, as it is at this moment. */
export async function getItem(
  { client, tableName }: DynamoResultStoreOptions,
  key: ItemKey,
  { signal }: CallOptions,
): Promise<Record<string, unknown> | undefined> {
  const command = new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true });
  const { Item } = await withCodedErrors({ operation: `find ${key.object} ${key.version}`, signal }, (send) =>
    client.send(command, send),
  );
  return Item;
}

/** Turns an item into a record, unless it is none. */
export async function restored(
  options: DynamoResultStoreOptions,
  item: Record<string, unknown> | undefined,
  call: CallOptions,
): Promise<StoredResult | undefined> {
  return isResultItem(item) ? fromItem(item, await wordsOf(item, options, call)) : undefined;
}

/** The record of the newest version of a key. */
export async function latest(
  options: DynamoResultStoreOptions,
  bucket: string,
  key: string,
  call: CallOptions = {},
): Promise<StoredResult | undefined> {
  const object = partitionOf(bucket, key);
  const pointer = await getItem(options, { object, version: LATEST }, call);
  const version = pointer?.['latestVersion'];
  if (typeof version !== 'string') return undefined;
  return restored(options, await getItem(options, { object, version }, call), call);
}

/** All records of one key, the newest first. */
export async function history(
  options: DynamoResultStoreOptions,
  bucket: string,
  key: string,
  call: CallOptions = {},
): Promise<readonly StoredResult[]> {
  const object = partitionOf(bucket, key);
  const pages = paginateQuery(
    { client: options.client },
    {
      TableName: options.tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#object = :object',
      ExpressionAttributeNames: { '#object': 'object' },
      ExpressionAttributeValues: { ':object': object },
    },
    sendOptions(call.signal),
  );
  const found: StoredResult[] = [];
  for await (const result of results(options, pages, `read the history of ${object}`, call))
    found.push(result);
  return found.sort((a, b) => (recordOrder(a) > recordOrder(b) ? -1 : 1));
}

/** Every record. */
export function list(options: DynamoResultStoreOptions, call: CallOptions = {}): AsyncIterable<StoredResult> {
  const input = { TableName: options.tableName, ConsistentRead: true };
  const pages = paginateScan({ client: options.client }, input, sendOptions(call.signal));
  return results(options, pages, `list ${options.tableName}`, call);
}

async function* results(
  options: DynamoResultStoreOptions,
  pages: AsyncIterable<{ Items?: Record<string, unknown>[] | undefined }>,
  operation: string,
  call: CallOptions,
): AsyncIterable<StoredResult> {
  try {
    for await (const { Items = [] } of pages) {
      for (const item of Items) {
        const result = await restored(options, item, call);
        if (result !== undefined) yield result;
      }
    }
  } catch (error) {
    throw toAdapterError(error, { operation, signal: call.signal });
  }
}
