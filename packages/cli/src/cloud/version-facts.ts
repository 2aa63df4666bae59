import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import { sendOptions, toAdapterError } from '@org/wordfreq-aws-adapters/errors';
import type { CallOptions, JobResult, Outcome } from '@org/wordfreq-aws-adapters/ports';

/** What the table knows of one version of a key, without its words. */
export interface VersionFacts {
  readonly jobId: string;
  /** The version's id, or its ETag where the bucket has no versions. */
  readonly version: string;
  readonly versionId?: string;
  readonly eTag?: string;
  /** Absent while tries fail that may yet succeed. */
  readonly outcome?: Outcome;
  readonly error?: { readonly code: string; readonly message: string };
  readonly totals?: JobResult['totals'];
  readonly tokenizer?: string;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly worker?: string;
  readonly finishedAt?: Date;
  readonly publishedAt?: Date;
  readonly failures?: number;
  readonly lastError?: { readonly code: string; readonly message: string };
  readonly lastFailedAt?: Date;
}

/** Reads what became of objects, leaving their words where they are: a record may hold 400 kB of them. */
export interface FactsReader {
  /** Every version of a key that the table knows, the newest outcome first. */
  of(bucket: string, key: string, call?: CallOptions): Promise<readonly VersionFacts[]>;
  /** The keys of a bucket that have an outcome, in no particular order. Reads the whole table. */
  keys(bucket: string, options?: CallOptions & { readonly prefix?: string }): AsyncIterable<string>;
}

/** The attributes of an item, as `@org/wordfreq-aws-adapters` documents them; words and warnings are left out. */
const ATTRIBUTES = [
  'version',
  'jobId',
  'versionId',
  'eTag',
  'outcome',
  'error',
  'totals',
  'options',
  'durationMs',
  'attempt',
  'worker',
  'finishedAt',
  'publishedAt',
  'failures',
  'lastError',
  'lastFailedAt',
] as const;
const NAMES = Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name]));
/** The sort key of the item that points to a key's newest version. */
const POINTER = 'latest';

/** Creates a reader of the results table. */
export function createFactsReader(options: Table): FactsReader {
  return {
    of: (bucket, key, call) => factsOf(options, bucket, key, call),
    keys: (bucket, call) => keysOf(options, bucket, call),
  };
}

/** Where the results are. */
export interface Table {
  readonly client: DynamoDBDocumentClient;
  readonly tableName: string;
}

async function factsOf(
  { client, tableName }: Table,
  bucket: string,
  key: string,
  { signal }: CallOptions = {},
): Promise<readonly VersionFacts[]> {
  const object = `${bucket}/${key}`;
  const input = {
    TableName: tableName,
    ConsistentRead: true,
    KeyConditionExpression: '#object = :object',
    ProjectionExpression: Object.keys(NAMES).join(', '),
    ExpressionAttributeNames: { ...NAMES, '#object': 'object' },
    ExpressionAttributeValues: { ':object': object },
  };
  const found: VersionFacts[] = [];
  const pages = paginateQuery({ client }, input, sendOptions(signal));
  for await (const item of items(pages, `read ${object}`)) {
    if (item['version'] !== POINTER) found.push(toFacts(item));
  }
  return found.sort((a, b) => timeOf(b) - timeOf(a));
}

async function* keysOf(
  { client, tableName }: Table,
  bucket: string,
  { prefix = '', signal }: CallOptions & { readonly prefix?: string } = {},
): AsyncIterable<string> {
  const start = `${bucket}/`;
  const input = {
    TableName: tableName,
    FilterExpression: '#version = :pointer AND begins_with(#object, :start)',
    ProjectionExpression: '#object',
    ExpressionAttributeNames: { '#object': 'object', '#version': 'version' },
    ExpressionAttributeValues: { ':pointer': POINTER, ':start': start + prefix },
  };
  const pages = paginateScan({ client }, input, sendOptions(signal));
  for await (const item of items(pages, `list ${tableName}`)) {
    yield String(item['object']).slice(start.length);
  }
}

async function* items(
  pages: AsyncIterable<{ readonly Items?: Record<string, unknown>[] | undefined }>,
  operation: string,
): AsyncIterable<Record<string, unknown>> {
  try {
    for await (const { Items = [] } of pages) yield* Items;
  } catch (error) {
    throw toAdapterError(error, { operation });
  }
}

function timeOf({ finishedAt, lastFailedAt }: VersionFacts): number {
  // What is still being tried is newer than what has ended.
  return finishedAt?.getTime() ?? (lastFailedAt === undefined ? 0 : Number.MAX_SAFE_INTEGER);
}

type Item = Omit<VersionFacts, 'finishedAt' | 'publishedAt' | 'lastFailedAt' | 'tokenizer'> & {
  readonly finishedAt?: string;
  readonly publishedAt?: string;
  readonly lastFailedAt?: string;
  readonly options?: JobResult['options'];
};

function toFacts(raw: Record<string, unknown>): VersionFacts {
  const { finishedAt, publishedAt, lastFailedAt, options, version, ...rest } = raw as unknown as Item;
  return {
    ...rest,
    // The sort key is `version#jobId`; an item that only counts failures says its version nowhere else.
    version: rest.versionId ?? rest.eTag ?? version.split('#', 1)[0] ?? '',
    ...(options === undefined ? {} : { tokenizer: options.tokenizer }),
    ...dateOf('finishedAt', finishedAt),
    ...dateOf('publishedAt', publishedAt),
    ...dateOf('lastFailedAt', lastFailedAt),
  };
}

function dateOf<Name extends string>(name: Name, text: string | undefined): { readonly [K in Name]?: Date } {
  return (text === undefined ? {} : { [name]: new Date(text) }) as { readonly [K in Name]?: Date };
}
