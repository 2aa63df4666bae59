import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { withCodedErrors } from '../errors/index.ts';
import type { CallOptions, IntakePause, IntakeSwitch } from '../ports/index.ts';
import { type ItemKey, unlessConditionFails } from './table.ts';

/** Options of {@link createDynamoIntakeSwitch}. */
export interface DynamoIntakeSwitchOptions {
  /** A document client. */
  readonly client: DynamoDBDocumentClient;
  /** A table as `createTableInput` describes it; it can be the table of results. */
  readonly tableName: string;
}

/** Without a slash and an `outcome`, so that readers do not mistake the item for a result. */
const KEY: ItemKey = { object: 'intake', version: 'pause' };

/**
 * Creates an intake switch over one item of a DynamoDB table. It needs only `dynamodb:GetItem` and
 * `dynamodb:UpdateItem`, which workers have for their results.
 *
 * @example
 * const intake = createDynamoIntakeSwitch({ client, tableName: 'wordfreq-results' });
 * await intake.pause({ since: new Date(), by: 'ann@example.com' });
 */
export function createDynamoIntakeSwitch(options: DynamoIntakeSwitchOptions): IntakeSwitch {
  return {
    read: (call) => read(options, call),
    pause: (pause, call) => write(options, pause, call),
    resume: (call) => end(options, call),
  };
}

/** Not a consistent read: each worker reads again within seconds. */
async function read(
  { client, tableName }: DynamoIntakeSwitchOptions,
  { signal }: CallOptions = {},
): Promise<IntakePause | undefined> {
  const command = new GetCommand({ TableName: tableName, Key: KEY });
  const operation = `read whether intake is paused in ${tableName}`;
  const { Item } = await withCodedErrors({ operation, signal }, (send) => client.send(command, send));
  const { pausedAt, pausedBy } = (Item ?? {}) as { readonly pausedAt?: string; readonly pausedBy?: string };
  if (pausedAt === undefined) return undefined;
  const since = new Date(pausedAt);
  // Operators may set it by hand: what is not a time still pauses.
  const isTime = !Number.isNaN(since.getTime());
  return { since: isTime ? since : new Date(0), ...(pausedBy === undefined ? {} : { by: pausedBy }) };
}

async function write(
  { client, tableName }: DynamoIntakeSwitchOptions,
  { since, by }: IntakePause,
  { signal }: CallOptions = {},
): Promise<void> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: KEY,
    UpdateExpression: by === undefined ? 'SET #at = :at' : 'SET #at = :at, #by = :by',
    ConditionExpression: 'attribute_not_exists(#at)',
    ExpressionAttributeNames: { '#at': 'pausedAt', ...(by === undefined ? {} : { '#by': 'pausedBy' }) },
    ExpressionAttributeValues: { ':at': since.toISOString(), ...(by === undefined ? {} : { ':by': by }) },
  });
  await unlessConditionFails(
    withCodedErrors({ operation: 'pause intake', signal }, (send) => client.send(command, send)),
  );
}

/** The item stays, empty: deleting it would need one more permission. */
async function end(
  { client, tableName }: DynamoIntakeSwitchOptions,
  { signal }: CallOptions = {},
): Promise<void> {
  const command = new UpdateCommand({
    TableName: tableName,
    Key: KEY,
    UpdateExpression: 'REMOVE #at, #by',
    ExpressionAttributeNames: { '#at': 'pausedAt', '#by': 'pausedBy' },
  });
  await withCodedErrors({ operation: 'resume intake', signal }, (send) => client.send(command, send));
}
