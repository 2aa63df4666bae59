import { BatchGetCommand, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { AdapterError, sendOptions, toAdapterError, withCodedErrors } from '../errors/index.ts';
import type {
  CallOptions,
  ListResultsOptions,
  NewestOptions,
  ResultEntry,
  ResultIndex,
  StoredResult,
} from '../ports/index.ts';
import { unpackCost } from '../rules/job-cost.ts';
import { DAY_MS, dayOf, daysBetween } from '../rules/result-days.ts';
import { days, newestDays, saveTotals } from './day-totals.ts';
import { restoredForView } from './read-results.ts';
import { type DynamoResultStoreOptions, isResultItem, nowOf, type ResultItem } from './result-item.ts';
import { type ItemKey, NEWEST_INDEX } from './table.ts';

/** One partition of an index takes 1,000 writes per second; eight take more than one table usually has. */
const SHARDS = 8;
/** DynamoDB returns at most 100 items per request. */
const MAX_BATCH = 100;
const DEFAULT_EXPECTED = 100;
/** The entries of one request are a quarter of a megabyte, so that eight at once need little memory. */
const PAGE = 1000;

/** The attributes that put a record into the index. */
export function indexAttributes(jobId: string, at: Date): Pick<ResultItem, 'day' | 'committedAt'> {
  // Ids are hexadecimal; any other id goes to the first shard.
  const shard = (Number.parseInt(jobId.slice(0, 1), 16) || 0) % SHARDS;
  return { day: `${dayOf(at)}#${shard}`, committedAt: at.toISOString() };
}

/** The day of an item that is in the index. */
export function indexedDay(item: Record<string, unknown> | undefined): string | undefined {
  const day = item?.[NEWEST_INDEX.partition];
  return typeof day === 'string' ? day.slice(0, 'yyyy-mm-dd'.length) : undefined;
}

/** Reads records by the time of their commit. */
export function createDynamoResultIndex(options: DynamoResultStoreOptions): ResultIndex {
  return {
    newest: (call) => newest(options, call),
    between: (from, until, call) => between(options, from, until, call),
    records: (entries, call) => records(options, entries, call),
    days: (call) => days(options, call),
    saveTotals: (totals) => saveTotals(options, totals),
  };
}

async function* newest(
  options: DynamoResultStoreOptions,
  { expected = DEFAULT_EXPECTED, ...call }: NewestOptions = {},
): AsyncIterable<ResultEntry> {
  // Entries are spread evenly over the shards, so one page of each usually suffices.
  const Limit = Math.min(1000, Math.ceil((expected * 1.25) / SHARDS) + 4);
  for await (const day of newestDays(options, call)) {
    const shards = shardsOf(day).map((shard) =>
      entriesOf(options, { ...shardQuery(shard), ScanIndexForward: false, Limit }, call),
    );
    yield* mergeNewest(shards);
  }
}

/** Merges shards, each of which has its newest entry first. */
async function* mergeNewest(
  shards: readonly AsyncIterable<Record<string, unknown>>[],
): AsyncIterable<ResultEntry> {
  const heads = await Promise.all(
    shards.map(async (shard) => {
      const rest = shard[Symbol.asyncIterator]();
      return { rest, head: await rest.next() };
    }),
  );
  for (;;) {
    const [first, ...others] = heads.filter(({ head }) => head.done !== true);
    if (first === undefined) return;
    const timeOf = ({ head }: typeof first): string => String(head.value[NEWEST_INDEX.sort]);
    const next = others.reduce((best, each) => (timeOf(each) > timeOf(best) ? each : best), first);
    yield toEntry(next.head.value);
    next.head = await next.rest.next();
  }
}

async function* between(
  options: DynamoResultStoreOptions,
  from: Date,
  // An hour more, to include entries of workers whose clocks are fast.
  until: Date = new Date(nowOf(options).getTime() + DAY_MS / 24),
  call: CallOptions = {},
): AsyncIterable<ResultEntry> {
  const first = from.toISOString();
  const last = new Date(until.getTime() - 1).toISOString();
  if (last < first) return;
  for (const day of daysBetween(from, until)) {
    const shards = shardsOf(day).map((shard) =>
      entryPages(options, { ...shardQuery(shard, { first, last }), Limit: PAGE }, call)[
        Symbol.asyncIterator
      ](),
    );
    for (let live = shards; live.length > 0; ) {
      const pages = await Promise.all(live.map(async (shard) => ({ shard, page: await shard.next() })));
      for (const { page } of pages) if (page.done !== true) yield* page.value.map(toEntry);
      live = pages.flatMap(({ shard, page }) => (page.done === true ? [] : [shard]));
    }
  }
}

async function records(
  options: DynamoResultStoreOptions,
  entries: readonly Pick<ResultEntry, 'id'>[],
  call: ListResultsOptions = {},
): Promise<readonly (StoredResult | undefined)[]> {
  const found = new Map<string, StoredResult>();
  const wanted = [...new Set(entries.map(({ id }) => id))];
  const batches = Array.from({ length: Math.ceil(wanted.length / MAX_BATCH) }, (_, index) =>
    wanted.slice(index * MAX_BATCH, (index + 1) * MAX_BATCH),
  );
  for (const items of await Promise.all(batches.map((batch) => getItems(options, batch, call)))) {
    for (const item of items)
      if (isResultItem(item)) found.set(idOf(item), await restoredForView(options, item, call));
  }
  return entries.map(({ id }) => found.get(id));
}

/** Reads consistently, so that every entry of the index finds its record. */
async function getItems(
  { client, tableName }: DynamoResultStoreOptions,
  ids: readonly string[],
  { signal }: CallOptions,
): Promise<readonly Record<string, unknown>[]> {
  const items: Record<string, unknown>[] = [];
  let Keys: Record<string, unknown>[] = ids.map(keyOf);
  while (Keys.length > 0) {
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
    const { Responses, UnprocessedKeys } = await withCodedErrors(
      { operation: `read ${Keys.length} records of ${tableName}`, signal },
      (send) => client.send(command, send),
    );
    items.push(...(Responses?.[tableName] ?? []));
    // One response holds at most 16 MB.
    const left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length === Keys.length)
      throw new AdapterError(
        'throttled',
        `DynamoDB returned none of ${left.length} records of ${tableName}.`,
      );
    Keys = left;
  }
  return items;
}

type Query = Omit<QueryCommandInput, 'TableName'>;

function shardsOf(day: string): readonly string[] {
  return Array.from({ length: SHARDS }, (_, shard) => `${day}#${shard}`);
}

/** The entries of a shard, or those within a range of time. */
function shardQuery(shard: string, range?: { readonly first: string; readonly last: string }): Query {
  const within = range === undefined ? '' : ` AND #${NEWEST_INDEX.sort} BETWEEN :first AND :last`;
  return {
    IndexName: NEWEST_INDEX.name,
    KeyConditionExpression: `#${NEWEST_INDEX.partition} = :shard${within}`,
    ExpressionAttributeNames: {
      [`#${NEWEST_INDEX.partition}`]: NEWEST_INDEX.partition,
      ...(range === undefined ? {} : { [`#${NEWEST_INDEX.sort}`]: NEWEST_INDEX.sort }),
    },
    ExpressionAttributeValues: {
      ':shard': shard,
      ...(range === undefined ? {} : { ':first': range.first, ':last': range.last }),
    },
  };
}

async function* entriesOf(
  options: DynamoResultStoreOptions,
  query: Query,
  call: CallOptions,
): AsyncIterable<Record<string, unknown>> {
  for await (const items of entryPages(options, query, call)) yield* items;
}

async function* entryPages(
  { client, tableName }: DynamoResultStoreOptions,
  query: Query,
  { signal }: CallOptions,
): AsyncIterable<readonly Record<string, unknown>[]> {
  try {
    const pages = paginateQuery({ client }, { TableName: tableName, ...query }, sendOptions(signal));
    for await (const { Items = [] } of pages) yield Items;
  } catch (error) {
    const problem = missingIndex(error, tableName);
    if (problem !== undefined) throw new AdapterError('invalid', problem, { cause: error });
    throw toAdapterError(error, { operation: `read the newest results of ${tableName}`, signal });
  }
}

/** What DynamoDB means by "The table does not have the specified index", and what to do. */
function missingIndex(error: unknown, tableName: string): string | undefined {
  const { name, message } = error as Error;
  if (name !== 'ValidationException' || !message.includes(NEWEST_INDEX.name)) return undefined;
  return (
    `Expected the index "${NEWEST_INDEX.name}" of the table ${tableName}, but it has none: it was made for an earlier release. ` +
    `Add the index: run wordfreq create-table ${tableName}, or deploy the stack again.`
  );
}

function toEntry(item: Record<string, unknown>): ResultEntry {
  const { object, version, outcome, totals, durationMs, committedAt, cost } = item as unknown as ResultItem;
  const slash = object.indexOf('/');
  return {
    id: idOf({ object, version }),
    jobId: version.slice(version.lastIndexOf('#') + 1),
    bucket: object.slice(0, slash),
    key: object.slice(slash + 1),
    outcome,
    totals,
    durationMs,
    committedAt: new Date(String(committedAt)),
    ...(cost === undefined ? {} : { cost: unpackCost(cost) }),
  };
}

function idOf({ object, version }: ItemKey): string {
  return JSON.stringify([object, version]);
}

function keyOf(id: string): ItemKey {
  const [object, version] = JSON.parse(id) as [string, string];
  return { object, version };
}
