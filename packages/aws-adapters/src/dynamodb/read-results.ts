import { GetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { isCoded, sendOptions, toAdapterError, withCodedErrors } from '../errors/index.ts';
import type {
  CallOptions,
  FailedTries,
  JobResult,
  KeysOptions,
  ListResultsOptions,
  StoredResult,
  VersionSummary,
} from '../ports/index.ts';
import { recordOrder } from '../rules/index.ts';
import { newestFirst, type TriedJob, versionSummaries } from '../rules/version-summary.ts';
import {
  type DynamoResultStoreOptions,
  fromItem,
  isResultItem,
  type ResultItem,
  triedJob,
  triesOf,
} from './result-item.ts';
import { wordsOf } from './spill-words.ts';
import { type ItemKey, itemKey, partitionOf } from './table.ts';

/** Reads one item consistently. */
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

/** Turns an item into a record, if it is one. */
export async function restored(
  options: DynamoResultStoreOptions,
  item: Record<string, unknown> | undefined,
  call: CallOptions,
): Promise<StoredResult | undefined> {
  return isResultItem(item) ? fromItem(item, await wordsOf(item, options, call)) : undefined;
}

/**
 * Turns an item into a record for a view of many. One whose words are lost must not hide the others; a
 * transient error still ends the view, because the next try may find the words.
 */
export async function restoredForView(
  options: DynamoResultStoreOptions,
  item: ResultItem,
  { wordsKeptApart = true, ...call }: ListResultsOptions,
): Promise<StoredResult> {
  if (!wordsKeptApart && item.wordsAt !== undefined)
    return { ...fromItem(item, []), missingWords: 'The words are kept apart and were not asked for.' };
  try {
    return fromItem(item, await wordsOf(item, options, call));
  } catch (error) {
    if (!isCoded(error) || error.retryable) throw error;
    return { ...fromItem(item, []), missingWords: `The words cannot be read. ${error.message}` };
  }
}

/**
 * The record of the newest version of a key. Reads where each version stands, then that record: nobody has to
 * keep a note of it with every job, and a key has few versions.
 */
export async function latest(
  options: DynamoResultStoreOptions,
  bucket: string,
  key: string,
  call: CallOptions = {},
): Promise<StoredResult | undefined> {
  const object = partitionOf(bucket, key);
  let newest: JobResult | undefined;
  for await (const item of itemsOf(versionPages(options, object, call), {
    operation: `find the newest version of ${object}`,
    signal: call.signal,
  })) {
    if (!isResultItem(item)) continue;
    const record = fromItem({ ...item, warnings: [] }, []);
    if (newest === undefined || recordOrder(record) > recordOrder(newest)) newest = record;
  }
  if (newest === undefined) return undefined;
  return restored(options, await getItem(options, itemKey(newest), call), call);
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
  return newestFirst(found);
}

/** The attributes of a record, without its words and their place. */
const SUMMARY_ATTRIBUTES: readonly (keyof ResultItem | keyof FailedTries)[] = [
  'object',
  'version',
  'jobId',
  'bucket',
  'key',
  'versionId',
  'eTag',
  'outcome',
  'error',
  'totals',
  'warnings',
  'encoding',
  'options',
  'durationMs',
  'attempt',
  'worker',
  'finishedAt',
  'publishedAt',
  'cost',
  'order',
  'currentAt',
  'sequencer',
  'lastModified',
  'failures',
  'lastError',
  'lastFailedAt',
];
const SUMMARY_NAMES = Object.fromEntries(SUMMARY_ATTRIBUTES.map((name) => [`#${name}`, name]));

/** The items of a key without words. */
function versionPages(
  { client, tableName }: DynamoResultStoreOptions,
  object: string,
  { signal }: CallOptions,
): AsyncIterable<{ Items?: Record<string, unknown>[] | undefined }> {
  return paginateQuery(
    { client },
    {
      TableName: tableName,
      ConsistentRead: true,
      KeyConditionExpression: '#object = :object',
      ProjectionExpression: Object.keys(SUMMARY_NAMES).join(', '),
      ExpressionAttributeNames: SUMMARY_NAMES,
      ExpressionAttributeValues: { ':object': object },
    },
    sendOptions(signal),
  );
}

/** What is known of each version of a key, without its words. */
export async function versions(
  options: DynamoResultStoreOptions,
  bucket: string,
  key: string,
  call: CallOptions = {},
): Promise<readonly VersionSummary[]> {
  const object = partitionOf(bucket, key);
  const records: StoredResult[] = [];
  const tried: TriedJob[] = [];
  for await (const item of itemsOf(versionPages(options, object, call), {
    operation: `read the versions of ${object}`,
    signal: call.signal,
  })) {
    if (isResultItem(item)) records.push(fromItem(item, []));
    else if (item['failures'] !== undefined) tried.push(triedJob(item));
  }
  return versionSummaries(records, tried);
}

/**
 * The keys of a bucket that have a record, each once: the items of a partition come one after the other. Not
 * a consistent read, which would cost twice as much of the whole table.
 */
export async function* keys(
  { client, tableName }: DynamoResultStoreOptions,
  bucket: string,
  { prefix = '', signal }: KeysOptions = {},
): AsyncIterable<string> {
  const pages = paginateScan(
    { client },
    {
      TableName: tableName,
      FilterExpression: 'attribute_exists(#outcome) AND begins_with(#object, :start)',
      ProjectionExpression: '#object',
      ExpressionAttributeNames: { '#object': 'object', '#outcome': 'outcome' },
      ExpressionAttributeValues: { ':start': partitionOf(bucket, prefix) },
    },
    sendOptions(signal),
  );
  const start = partitionOf(bucket, '').length;
  let last: unknown;
  for await (const { object } of itemsOf(pages, { operation: `list the keys in ${tableName}`, signal })) {
    if (object === last) continue;
    last = object;
    yield String(object).slice(start);
  }
}

/** Every record. */
export function list(
  options: DynamoResultStoreOptions,
  call: ListResultsOptions = {},
): AsyncIterable<StoredResult> {
  const input = { TableName: options.tableName, ConsistentRead: true };
  const pages = paginateScan({ client: options.client }, input, sendOptions(call.signal));
  return results(options, pages, `list ${options.tableName}`, call);
}

async function* results(
  options: DynamoResultStoreOptions,
  pages: AsyncIterable<{ Items?: Record<string, unknown>[] | undefined }>,
  operation: string,
  call: ListResultsOptions,
): AsyncIterable<StoredResult> {
  for await (const item of itemsOf(pages, { operation, signal: call.signal })) {
    if (isResultItem(item)) yield await restoredForView(options, item, call);
  }
}

/** The items of pages; errors have codes. */
export async function* itemsOf(
  pages: AsyncIterable<{ Items?: Record<string, unknown>[] | undefined }>,
  call: { readonly operation: string; readonly signal: AbortSignal | undefined },
): AsyncIterable<Record<string, unknown>> {
  try {
    for await (const { Items = [] } of pages) yield* Items;
  } catch (error) {
    throw toAdapterError(error, call);
  }
}

/** What {@link recordFailure} has written, unless the job has its record. */
export async function failedTries(
  options: DynamoResultStoreOptions,
  job: Pick<JobResult, 'jobId' | 'object'>,
  call: CallOptions = {},
): Promise<FailedTries | undefined> {
  const item = await getItem(options, itemKey(job), call);
  return item === undefined || isResultItem(item) ? undefined : triesOf(item);
}
