import { createHash } from 'node:crypto';
import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb';
import type { ObjectVersion } from '../ports/index.ts';

/** The names of the table's key: part of the public contract, because deployed tables have them. */
export const TABLE_KEY = {
  /** Partition key: `bucket/key`. */
  partition: 'object',
  /** Sort key: `versionId-or-eTag#jobId`. */
  sort: 'version',
} as const;

/**
 * The index of records by the time of their commit: part of the public contract, because deployed tables have
 * it. Its attributes are in the record's own item, so it costs one write unit but no request. Other items
 * of the table lack them and are not in the index.
 */
export const NEWEST_INDEX = {
  name: 'newest',
  /** Partition key: `2026-11-28#3`, the day in UTC and a shard. */
  partition: 'day',
  /** Sort key: ISO 8601. */
  sort: 'committedAt',
  /** What totals need. The names cannot change: an index cannot be altered, only made again. */
  projected: ['outcome', 'totals', 'durationMs', 'cost'],
} as const;

/**
 * The definition of the table that `createDynamoResultStore` needs: create it, or compare it with the table
 * of your own tool. Billing is per request: an idle pipeline costs nothing.
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
      { AttributeName: NEWEST_INDEX.partition, AttributeType: 'S' },
      { AttributeName: NEWEST_INDEX.sort, AttributeType: 'S' },
    ],
    KeySchema: [
      { AttributeName: TABLE_KEY.partition, KeyType: 'HASH' },
      { AttributeName: TABLE_KEY.sort, KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: NEWEST_INDEX.name,
        KeySchema: [
          { AttributeName: NEWEST_INDEX.partition, KeyType: 'HASH' },
          { AttributeName: NEWEST_INDEX.sort, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...NEWEST_INDEX.projected] },
      },
    ],
  };
}

/** The primary key of an item. */
export type ItemKey = Record<(typeof TABLE_KEY)[keyof typeof TABLE_KEY], string>;

/** DynamoDB's limit for a sort key is 1,024 bytes. */
const MAX_SORT_KEY_BYTES = 1024;

/** The partition of one place: all versions of one key. */
export function partitionOf(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}

/** The key of one job's item. */
export function itemKey({ object, jobId }: { object: ObjectVersion; jobId: string }): ItemKey {
  const version = `${object.versionId ?? object.eTag ?? ''}#${jobId}`;
  // A version id may have 1,024 bytes by itself.
  const fits = Buffer.byteLength(version) <= MAX_SORT_KEY_BYTES;
  return {
    object: partitionOf(object.bucket, object.key),
    version: fits
      ? version
      : `sha256:${createHash('sha256').update(version).digest('hex')}#${jobId.slice(0, 200)}`,
  };
}

/** Returns false if the condition failed, which is not an error here. */
export async function unlessConditionFails(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Whether a write was refused because its condition did not hold. */
export function isConditionFailure(error: unknown): boolean {
  return ((error as Error).cause as Error | undefined)?.name === 'ConditionalCheckFailedException';
}
