import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { withCodedErrors } from '../errors/index.ts';
import type { CallOptions, JobResult } from '../ports/index.ts';
import { recordOrder } from '../rules/index.ts';
import { getItem, restored } from './read-results.ts';
import type { DynamoResultStoreOptions } from './result-item.ts';
import { type ItemKey, itemKey, LATEST, partitionOf, unlessConditionFails } from './table.ts';

/** The item that says which record of a key is about its newest version. */
export interface LatestItem extends ItemKey {
  /** The sort key of that record. */
  readonly latestVersion: string;
  /** Where that record stands; see `recordOrder`. */
  readonly order: string;
}

/** Makes a record the latest of its key, unless a newer one is it already. Safe to repeat. */
export async function moveLatest(
  options: DynamoResultStoreOptions,
  result: JobResult,
  call: CallOptions,
): Promise<void> {
  const item: LatestItem = {
    object: partitionOf(result.object.bucket, result.object.key),
    version: LATEST,
    latestVersion: itemKey(result).version,
    order: recordOrder(result),
  };
  const isMoved = await putPointer(options, item, result, call, {
    ConditionExpression: 'attribute_not_exists(#version) OR #order <= :order',
    ExpressionAttributeNames: { '#version': 'version', '#order': 'order' },
    ExpressionAttributeValues: { ':order': item.order },
  });
  if (!isMoved) await moveUnordered(options, item, result, call);
}

/** A pointer of an earlier release does not say where its record stands; the record does. */
async function moveUnordered(
  options: DynamoResultStoreOptions,
  item: LatestItem,
  result: JobResult,
  call: CallOptions,
): Promise<void> {
  const { object, version } = item;
  const pointer = await getItem(options, { object, version }, call);
  const latestVersion = pointer?.['latestVersion'];
  if (pointer?.['order'] !== undefined || typeof latestVersion !== 'string') return;
  const current = await restored(
    options,
    await getItem(options, { object, version: latestVersion }, call),
    call,
  );
  if (current !== undefined && recordOrder(current) > item.order) return;
  const isMoved = await putPointer(options, item, result, call, {
    ConditionExpression: '#latestVersion = :seen AND attribute_not_exists(#order)',
    ExpressionAttributeNames: { '#latestVersion': 'latestVersion', '#order': 'order' },
    ExpressionAttributeValues: { ':seen': latestVersion },
  });
  // Somebody else moved it meanwhile, and from then on it says where its record stands.
  if (!isMoved) await moveLatest(options, result, call);
}

/** Returns whether the item was written, as opposed to refused by the condition. */
async function putPointer(
  { client, tableName }: DynamoResultStoreOptions,
  item: LatestItem,
  { jobId, object }: JobResult,
  { signal }: CallOptions,
  condition: {
    readonly ConditionExpression: string;
    readonly ExpressionAttributeNames: Record<string, string>;
    readonly ExpressionAttributeValues: Record<string, string>;
  },
): Promise<boolean> {
  const command = new PutCommand({ TableName: tableName, Item: item, ...condition });
  const operation = `make job ${jobId} the latest of its key`;
  return unlessConditionFails(
    withCodedErrors({ operation, object, signal }, (send) => client.send(command, send)),
  );
}
