import {
  PutCommand,
  type PutCommandInput,
  paginateQuery,
  type QueryCommandInput,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { sendOptions, withCodedErrors } from '../errors/index.ts';
import type { CallOptions, DayTotals, ResultIndex, ResultSums } from '../ports/index.ts';
import { itemsOf } from './read-results.ts';
import { type DynamoResultStoreOptions, nowOf } from './result-item.ts';
import { type ItemKey, TABLE_KEY, unlessConditionFails } from './table.ts';

/** The partition of days. It has no slash, so it is no partition of results. */
const TOTALS = 'totals';
/** The days that have records, the newest first. */
export async function* newestDays(
  options: DynamoResultStoreOptions,
  call: CallOptions,
): AsyncIterable<string> {
  const few = { ScanIndexForward: false, Limit: 4, ProjectionExpression: TABLE_KEY.sort };
  for await (const { version } of dayItems(options, few, call)) yield String(version);
}

/** The days that have records, with the sums of those that were added up. */
export async function days(
  options: DynamoResultStoreOptions,
  call: CallOptions = {},
): Promise<readonly DayTotals[]> {
  const found: DayTotals[] = [];
  for await (const item of dayItems(options, { ConsistentRead: true }, call)) {
    const { version, upTo, sums, resetAt } = item as Record<string, string> & { sums?: ResultSums };
    found.push({
      day: String(version),
      ...(upTo === undefined || sums === undefined ? {} : { upTo: new Date(upTo), sums }),
      ...(resetAt === undefined ? {} : { resetAt: new Date(resetAt) }),
    });
  }
  return found;
}

type SavedTotals = Parameters<ResultIndex['saveTotals']>[0];

/** Keeps the sums of a day, unless later ones are kept or the day was reset. Returns whether they were kept. */
export async function saveTotals(
  options: DynamoResultStoreOptions,
  { day, upTo, sums, resetAt }: SavedTotals,
): Promise<boolean> {
  const reset = resetAt === undefined ? 'attribute_not_exists(#resetAt)' : '#resetAt = :resetAt';
  return write(options, `keep the totals of ${day}`, {
    Item: {
      ...dayKey(day),
      upTo: upTo.toISOString(),
      sums,
      ...(resetAt === undefined ? {} : { resetAt: resetAt.toISOString() }),
    },
    ConditionExpression: `(attribute_not_exists(#upTo) OR #upTo < :upTo) AND ${reset}`,
    ExpressionAttributeNames: { '#upTo': 'upTo', '#resetAt': 'resetAt' },
    ExpressionAttributeValues: {
      ':upTo': upTo.toISOString(),
      ...(resetAt === undefined ? {} : { ':resetAt': resetAt.toISOString() }),
    },
  });
}

/** Notes that a day has records; does nothing if that is known. Call it before the first record of the day. */
export function openDay(options: DynamoResultStoreOptions, day: string): Promise<boolean> {
  return write(options, `note the day ${day}`, {
    Item: dayKey(day),
    ConditionExpression: 'attribute_not_exists(#object)',
    ExpressionAttributeNames: { '#object': TABLE_KEY.partition },
  });
}

/**
 * Discards the sums of a day from which an entry is about to be moved: readers add the day up again once its
 * entries have settled. Call it before the entry moves, so that a crash in between only costs one more reading.
 */
export async function discardTotals(options: DynamoResultStoreOptions, day: string): Promise<void> {
  const command = new UpdateCommand({
    TableName: options.tableName,
    Key: dayKey(day),
    UpdateExpression: 'SET #resetAt = :now REMOVE #upTo, #sums',
    ExpressionAttributeNames: { '#resetAt': 'resetAt', '#upTo': 'upTo', '#sums': 'sums' },
    ExpressionAttributeValues: { ':now': nowOf(options).toISOString() },
  });
  await withCodedErrors({ operation: `discard the totals of ${day}` }, (send) =>
    options.client.send(command, send),
  );
}

/** Returns whether the item was written, as opposed to refused by the condition. */
function write(
  { client, tableName }: DynamoResultStoreOptions,
  operation: string,
  input: Omit<PutCommandInput, 'TableName'>,
): Promise<boolean> {
  const command = new PutCommand({ TableName: tableName, ...input });
  return unlessConditionFails(withCodedErrors({ operation }, (send) => client.send(command, send)));
}

function dayItems(
  { client, tableName }: DynamoResultStoreOptions,
  query: Partial<QueryCommandInput>,
  { signal }: CallOptions,
): AsyncIterable<Record<string, unknown>> {
  const input = {
    TableName: tableName,
    KeyConditionExpression: '#object = :totals',
    ExpressionAttributeNames: { '#object': TABLE_KEY.partition },
    ExpressionAttributeValues: { ':totals': TOTALS },
    ...query,
  };
  const pages = paginateQuery({ client }, input, sendOptions(signal));
  return itemsOf(pages, { operation: `read the days of ${tableName}`, signal });
}

function dayKey(day: string): ItemKey {
  return { [TABLE_KEY.partition]: TOTALS, [TABLE_KEY.sort]: day };
}
