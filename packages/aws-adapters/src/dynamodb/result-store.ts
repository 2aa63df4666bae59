import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { AdapterError, wholeNumber, withCodedErrors } from '../errors/index.ts';
import { refuse } from '../errors/validation.ts';
import type {
  CallOptions,
  FailedTry,
  JobResult,
  ResultIndex,
  ResultStore,
  SaveOutcome,
} from '../ports/index.ts';
import { recordToKeep, supersedes } from '../rules/index.ts';
import { isSameWrite, recordProblem, triedError } from '../rules/job-record.ts';
import { dayOf } from '../rules/result-days.ts';
import { discardTotals, openDay } from './day-totals.ts';
import { type Condition, createPutItem, type PutItem } from './put-item.ts';
import { failedTries, getItem, history, keys, latest, list, restored, versions } from './read-results.ts';
import { createDynamoResultIndex, indexAttributes, indexedDay } from './result-index.ts';
import {
  type DynamoResultStoreOptions,
  fromItem,
  isResultItem,
  nowOf,
  type ResultItem,
  toItem,
} from './result-item.ts';
import { searchRecords } from './search-records.ts';
import { spillWords, wordsOf } from './spill-words.ts';
import { isConditionFailure, itemKey, unlessConditionFails } from './table.ts';

/**
 * Creates a result store over one DynamoDB table, with its index by time. Every write is one conditional
 * write of one item, so a repetition after a crash or a lost answer changes nothing.
 *
 * @example
 * const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
 * const results = createDynamoResultStore({ client, tableName: 'wordfreq-results' });
 */
export function createDynamoResultStore(options: DynamoResultStoreOptions): ResultStore & ResultIndex {
  wholeNumber('maxItemBytes', options.maxItemBytes ?? 390_000, 1);
  const openToday = createDayOpener(options);
  const put = createPutItem(options);
  return {
    ...createDynamoResultIndex(options),
    save: (result, call) => save(options, { openToday, put }, result, call),
    markPublished: (job, at) => markPublished(options, job, at),
    recordFailure: (job) => recordFailure(options, job),
    failedTries: (job, call) => failedTries(options, job, call),
    find: async (job, call = {}) => restored(options, await getItem(options, itemKey(job), call), call),
    history: (bucket, key, call) => history(options, bucket, key, call),
    latest: (bucket, key, call) => latest(options, bucket, key, call),
    versions: (bucket, key, call) => versions(options, bucket, key, call),
    keys: (bucket, call) => keys(options, bucket, call),
    list: (call) => list(options, call),
    search: (text, call) => searchRecords(options, text, call),
  };
}

/** Returns a function that returns the current time after noting the day, which each process does once a day. */
function createDayOpener(options: DynamoResultStoreOptions): () => Promise<Date> {
  let opened: { readonly day: string; readonly noted: Promise<unknown> } | undefined;
  return async () => {
    const at = nowOf(options);
    const day = dayOf(at);
    if (opened?.day !== day) opened = { day, noted: openDay(options, day) };
    const { noted } = opened;
    try {
      await noted;
    } catch (error) {
      if (opened?.noted === noted) opened = undefined;
      throw error;
    }
    return at;
  };
}

/** What a store keeps between writes. */
interface Writing {
  readonly openToday: () => Promise<Date>;
  readonly put: PutItem;
}

async function save(
  options: DynamoResultStoreOptions,
  { openToday, put }: Writing,
  result: JobResult,
  call: CallOptions = {},
): Promise<SaveOutcome> {
  refuse(recordProblem(result), result.object);
  const spilled = await spillWords(toItem(result), options, call);
  const item = { ...spilled, ...indexAttributes(result.jobId, await openToday()) };
  if (await putIf(put, item, UNRECORDED, result, call)) return { saved: true };
  for (;;) {
    const found = await getItem(options, itemKey(result), call);
    if (!isResultItem(found)) {
      throw new AdapterError(
        'unavailable',
        `The record of job ${result.jobId} was removed while it was saved.`,
      );
    }
    // Words that are kept apart are read only to be returned.
    const existing = fromItem(found, []);
    const kept = recordToKeep(existing, result);
    if (supersedes(result, existing)) {
      const day = indexedDay(found);
      if (day !== undefined) await discardTotals(options, day);
      const taken = { ...item, order: kept.order };
      if (await putIf(put, taken, ifStill(found), result, call)) return { saved: true };
      // Another worker was faster: decide again by its record, which may no longer be replaceable.
      continue;
    }
    // The version came back, and is the latest again.
    if (kept.order !== existing.order && !(await raiseOrder(options, found, kept, call))) continue;
    if (isSameWrite(existing, result)) return { saved: true };
    return { saved: false, existing: { ...kept, words: await wordsOf(found, options, call) } };
  }
}

/** Returns whether the item was written, as opposed to refused by the condition. */
async function putIf(
  put: PutItem,
  item: ResultItem,
  condition: Condition,
  { jobId, object }: JobResult,
  { signal }: CallOptions,
): Promise<boolean> {
  const operation = `save the result of job ${jobId}`;
  return unlessConditionFails(
    withCodedErrors({ operation, object, signal }, () => put(item, condition, signal)),
  );
}

/** An item that only counts failures is not a record. */
const UNRECORDED: Condition = {
  ConditionExpression: 'attribute_not_exists(#outcome)',
  ExpressionAttributeNames: { '#outcome': 'outcome' },
};

/** Holds while the record is still the one that was read. */
function ifStill(item: ResultItem): Condition {
  const names = ['outcome', 'finishedAt', 'order', 'currentAt'] as const;
  const present = names.filter((name) => item[name] !== undefined);
  return {
    ConditionExpression: names
      .map((name) => (present.includes(name) ? `#${name} = :${name}` : `attribute_not_exists(#${name})`))
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(present.map((name) => [`:${name}`, item[name]])),
  };
}

/** Records that a version was current later than its record says. Returns false if the record has changed since. */
async function raiseOrder(
  { client, tableName }: DynamoResultStoreOptions,
  found: ResultItem,
  { jobId, object, order }: JobResult,
  { signal }: CallOptions,
): Promise<boolean> {
  const still = ifStill(found);
  const command = new UpdateCommand({
    TableName: tableName,
    Key: itemKey({ jobId, object }),
    UpdateExpression: 'SET #order = :later REMOVE #currentAt',
    ...still,
    ExpressionAttributeValues: { ...still.ExpressionAttributeValues, ':later': order },
  });
  const operation = `note the order of job ${jobId}`;
  return unlessConditionFails(
    withCodedErrors({ operation, object, signal }, (send) => client.send(command, send)),
  );
}

async function markPublished(
  { client, tableName }: DynamoResultStoreOptions,
  job: Pick<JobResult, 'jobId' | 'object' | 'outcome'>,
  at: Date,
): Promise<void> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: itemKey(job),
    UpdateExpression: 'SET #publishedAt = :at',
    // A slow worker must not mark a better outcome as published that has replaced its own meanwhile.
    ConditionExpression: '#outcome = :outcome AND attribute_not_exists(#publishedAt)',
    ExpressionAttributeNames: { '#publishedAt': 'publishedAt', '#outcome': 'outcome' },
    ExpressionAttributeValues: { ':at': at.toISOString(), ':outcome': job.outcome },
  });
  const operation = `mark job ${job.jobId} as published`;
  await unlessConditionFails(withCodedErrors({ operation, object: job.object }, () => client.send(command)));
}

/** Counts a failed attempt on the item that will become the record. */
async function recordFailure(
  { client, tableName }: DynamoResultStoreOptions,
  { jobId, object, error, at }: FailedTry,
): Promise<number> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: itemKey({ jobId, object }),
    UpdateExpression: 'ADD #failures :one SET #lastError = :lastError, #lastFailedAt = :at, #jobId = :jobId',
    ConditionExpression: UNRECORDED.ConditionExpression,
    ExpressionAttributeNames: {
      ...UNRECORDED.ExpressionAttributeNames,
      '#failures': 'failures',
      '#lastError': 'lastError',
      '#lastFailedAt': 'lastFailedAt',
      '#jobId': 'jobId',
    },
    ExpressionAttributeValues: {
      ':one': 1,
      ':lastError': triedError(error),
      ':at': at.toISOString(),
      ':jobId': jobId,
    },
    ReturnValues: 'UPDATED_NEW',
  });
  try {
    const operation = `count a failure of job ${jobId}`;
    const { Attributes } = await withCodedErrors({ operation, object }, () => client.send(command));
    return Number(Attributes?.['failures'] ?? 0);
  } catch (failure) {
    if (isConditionFailure(failure)) return 0;
    throw failure;
  }
}
