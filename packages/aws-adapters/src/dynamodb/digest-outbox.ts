import { createHash } from 'node:crypto';
import {
  BatchWriteCommand,
  type DynamoDBDocumentClient,
  PutCommand,
  paginateQuery,
} from '@aws-sdk/lib-dynamodb';
import { AdapterError, sendOptions, toAdapterError, withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type { CallOptions, Clock, DigestClaim, DigestEntry, DigestOutbox } from '../ports/index.ts';
import { digestEntryOf, digestEntryProblem } from '../rules/job-record.ts';
import { retryDelay } from '../rules/retry-delay.ts';
import { type ItemKey, unlessConditionFails } from './table.ts';

/** Options of {@link createDynamoDigestOutbox}. */
export interface DynamoDigestOutboxOptions {
  /** A document client. */
  readonly client: DynamoDBDocumentClient;
  /** A table as `createTableInput` describes it; it can be the table of results. */
  readonly tableName: string;
  /** Waits before removals that DynamoDB left unprocessed are sent again. */
  readonly clock: Pick<Clock, 'sleep'>;
}

/**
 * The names of partitions have no slash, so that none is a partition of results. There are sixteen, because
 * one allows 1,000 writes per second.
 */
const SHARDS = [...'0123456789abcdef'].map((digit) => `digest#${digit}`);
const CLAIM: ItemKey = { object: 'digest', version: 'claim' };
/** DynamoDB takes at most 25 writes in one request. */
const MAX_BATCH = 25;
const TRIES = 6;
const FIRST_DELAY_MS = 100;

/**
 * An entry in the table; the names are public contract. It has no `outcome`, because readers would mistake it
 * for a result.
 */
interface EntryItem extends ItemKey {
  readonly entryId: string;
  readonly entryOutcome: string;
  readonly at: string;
  readonly bucket: string;
  readonly key: string;
  readonly detail: string;
}

/**
 * Creates a digest outbox over a DynamoDB table: an item for each entry, and one that says when a digest was
 * claimed last.
 *
 * @example
 * const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
 * const outbox = createDynamoDigestOutbox({ client, tableName: 'wordfreq-results', clock: systemClock });
 */
export function createDynamoDigestOutbox(options: DynamoDigestOutboxOptions): DigestOutbox {
  return {
    add: (entry, call) => add(options, entry, call),
    claim: (asked, call) => claim(options, asked, call),
    list: (limit, call) => list(options, limit, call),
    remove: (ids, call) => remove(options, ids, call),
  };
}

async function add(
  { client, tableName }: DynamoDigestOutboxOptions,
  entry: DigestEntry,
  { signal }: CallOptions = {},
): Promise<void> {
  refuse(digestEntryProblem(entry));
  const { id, outcome, at, object, detail } = digestEntryOf(entry);
  const Item: Partial<EntryItem> = {
    ...keyOf(id),
    entryId: id,
    entryOutcome: outcome,
    at: at.toISOString(),
    ...(object === undefined ? {} : { bucket: object.bucket, key: object.key }),
    ...(detail === undefined ? {} : { detail }),
  };
  await withCodedErrors({ operation: `put ${id} into the digest`, signal }, (send) =>
    client.send(new PutCommand({ TableName: tableName, Item }), send),
  );
}

async function claim(
  { client, tableName }: DynamoDigestOutboxOptions,
  { at, notSince }: DigestClaim,
  { signal }: CallOptions = {},
): Promise<boolean> {
  const command = new PutCommand({
    TableName: tableName,
    Item: { ...CLAIM, claimedAt: at.toISOString() },
    ConditionExpression: 'attribute_not_exists(#claimedAt) OR #claimedAt <= :notSince',
    ExpressionAttributeNames: { '#claimedAt': 'claimedAt' },
    ExpressionAttributeValues: { ':notSince': notSince.toISOString() },
  });
  return unlessConditionFails(
    withCodedErrors({ operation: 'claim the next digest', signal }, (send) => client.send(command, send)),
  );
}

async function list(
  { client, tableName }: DynamoDigestOutboxOptions,
  limit: number,
  { signal }: CallOptions = {},
): Promise<readonly DigestEntry[]> {
  const found: DigestEntry[] = [];
  try {
    for (const shard of SHARDS) {
      const input = {
        TableName: tableName,
        ConsistentRead: true,
        KeyConditionExpression: '#object = :shard',
        ExpressionAttributeNames: { '#object': 'object' },
        ExpressionAttributeValues: { ':shard': shard },
      };
      for await (const { Items = [] } of paginateQuery({ client }, input, sendOptions(signal))) {
        found.push(...Items.map((item) => toEntry(item as EntryItem)));
        if (found.length >= limit) return found.slice(0, limit);
      }
    }
  } catch (error) {
    throw toAdapterError(error, { operation: `read the digest of ${tableName}`, signal });
  }
  return found;
}

async function remove(
  options: DynamoDigestOutboxOptions,
  ids: readonly string[],
  call: CallOptions = {},
): Promise<void> {
  const keys = [...new Set(ids)].map(keyOf);
  for (let first = 0; first < keys.length; first += MAX_BATCH) {
    await removeBatch(options, keys.slice(first, first + MAX_BATCH), call);
  }
}

async function removeBatch(
  { client, tableName, clock }: DynamoDigestOutboxOptions,
  keys: readonly ItemKey[],
  { signal }: CallOptions,
): Promise<void> {
  let requests = keys.map((Key) => ({ DeleteRequest: { Key: { ...Key } } }));
  const operation = `take ${keys.length} entries out of the digest`;
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests } });
    const { UnprocessedItems = {} } = await withCodedErrors({ operation, signal }, (send) =>
      client.send(command, send),
    );
    requests = (UnprocessedItems[tableName] ?? []) as typeof requests;
    if (requests.length === 0) return;
    await clock.sleep(retryDelay(tries, FIRST_DELAY_MS), signal);
  }
  throw new AdapterError(
    'throttled',
    `Could not ${operation}: DynamoDB left ${requests.length} of them unprocessed.`,
  );
}

/** Ids are hashed, because they may be long, and so that they spread over the shards. */
function keyOf(id: string): ItemKey {
  const version = createHash('sha256').update(id).digest('hex');
  return { object: `digest#${version[0]}`, version };
}

function toEntry({ entryId, entryOutcome, at, bucket, key, detail }: Partial<EntryItem>): DigestEntry {
  return {
    id: entryId ?? '',
    outcome: entryOutcome ?? '',
    at: new Date(at ?? 0),
    ...(bucket === undefined || key === undefined ? {} : { object: { bucket, key } }),
    ...(detail === undefined ? {} : { detail }),
  };
}
