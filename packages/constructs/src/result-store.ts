import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnTable,
  type ITable,
  TableEncryptionV2,
  type TableOptionsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { anything, checkProps, email, type PropChecks, standardQueue } from './check-props.ts';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';
import { createTopic } from './encrypted-topic.ts';
import { KEPT } from './kept.ts';

/** What of a new table may be chosen. */
export interface TableOverrides extends TableOptionsV2 {
  /** The name of the table; with one it cannot be replaced. @default - CloudFormation chooses */
  readonly tableName?: string;
  /** Whose key encrypts it. @default - a key of AWS, without cost */
  readonly encryption?: TableEncryptionV2;
  /** The attribute by which DynamoDB removes items. @default - none is removed */
  readonly timeToLiveAttribute?: string;
}

/** Properties of {@link ResultStore}. */
export interface ResultStoreProps {
  /** Partition key `object` and sort key `version`, both strings. @default - a new table */
  readonly table?: ITable;
  /** Override the new table's defaults. @default - none */
  readonly tableProps?: TableOverrides;
  /** Gets a message for each result. @default - a new queue with a dead-letter queue */
  readonly queue?: IQueue;
  /** Gets results that a consumer gave up; of a given queue its own one, for the alarm. @default - a new one for a new queue */
  readonly deadLetterQueue?: IQueue;
  /** Override the new queue's defaults. @default - none */
  readonly queueProps?: QueueProps;
  /** Tells people of results. @default - a new topic */
  readonly resultTopic?: ITopic;
  /** Tells people of what could not be processed. @default - a new topic */
  readonly failureTopic?: ITopic;
  /**
   * Where the words of a result go that DynamoDB (400 kB) or SQS (256 kB) would refuse, as more than some thousand words are.
   * @default - such a result fails
   */
  readonly spillBucket?: IBucket;
  /** Gets mail from both topics; must be confirmed by its owner. @default - no mail */
  readonly email?: string | undefined;
  /** For the new table, queues and topics. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
  /** For the new table. @default - kept, and protected from deletion */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const CHECKS: PropChecks<ResultStoreProps> = {
  table: anything,
  tableProps: anything,
  queue: standardQueue,
  deadLetterQueue: standardQueue,
  queueProps: anything,
  resultTopic: anything,
  failureTopic: anything,
  spillBucket: anything,
  email: email,
  encryptionKey: anything,
  removalPolicy: anything,
};

/**
 * Where results go: a table, a queue for programs, and topics for people. On demand, encrypted, TLS only, with recovery to any second of
 * the last 35 days.
 *
 * @example
 * const { table, queue } = new ResultStore(this, 'Results', { email: 'team@example.com' });
 */
export class ResultStore extends Construct {
  readonly table: ITable;
  readonly queue: IQueue;
  readonly resultTopic: ITopic;
  readonly failureTopic: ITopic;
  readonly spillBucket: IBucket | undefined;
  /** Holds results that a consumer gave up; absent when a queue was given without one. */
  readonly undelivered: IQueue | undefined;

  /** @throws Error for an existing resource with properties of a new one, and for a key in a stack of no region */
  constructor(scope: Construct, id: string, props: ResultStoreProps = {}) {
    super(scope, id);
    checkProps('ResultStore', props, CHECKS);
    refuseBoth('table', props.table, 'tableProps', props.tableProps);
    refuseKeyWithoutRegion(this, props);
    refuseBoth('queue', props.queue, 'queueProps', props.queueProps);
    this.table = props.table ?? (this.#createTable(props) as ITable);
    requireKeys(this.table);
    const { encryptionKey: key } = props;
    this.undelivered =
      props.deadLetterQueue ??
      (props.queue === undefined ? createDeadLetterQueue(this, 'Undelivered', key) : undefined);
    this.queue = props.queue ?? this.#createQueue(props);
    this.resultTopic = props.resultTopic ?? createTopic(this, 'ResultTopic', key);
    this.failureTopic = props.failureTopic ?? createTopic(this, 'FailureTopic', key);
    this.spillBucket = props.spillBucket;
    if (props.email !== undefined) this.#mail(props.email);
  }

  #createTable({
    encryptionKey,
    removalPolicy = RemovalPolicy.RETAIN,
    tableProps = {},
  }: ResultStoreProps): TableV2 {
    const { deletionProtection = removalPolicy !== RemovalPolicy.DESTROY } = tableProps;
    const kept = deletionProtection ? RemovalPolicy.RETAIN : KEPT;
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'object', type: AttributeType.STRING },
      sortKey: { name: 'version', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection,
      // DynamoDB would refuse to delete a protected table when the creation of the stack is rolled back, which would fail then.
      removalPolicy: removalPolicy === RemovalPolicy.DESTROY ? removalPolicy : kept,
      ...(encryptionKey === undefined
        ? {}
        : { encryption: TableEncryptionV2.customerManagedKey(encryptionKey) }),
      ...tableProps,
    });
  }

  #createQueue({ encryptionKey, queueProps = {} }: ResultStoreProps): IQueue {
    return createEncryptedQueue(this, 'Queue', encryptionKey, {
      ...(this.undelivered === undefined
        ? {}
        : { deadLetterQueue: { queue: this.undelivered, maxReceiveCount: 10 } }),
      ...queueProps,
    });
  }

  /** How many mails come is the worker's decision (`NOTIFY`): failures only, a digest, or every file. */
  #mail(email: string): void {
    this.resultTopic.addSubscription(new EmailSubscription(email));
    this.failureTopic.addSubscription(new EmailSubscription(email));
  }
}

function refuseKeyWithoutRegion(scope: Construct, { table, encryptionKey }: ResultStoreProps): void {
  if (table !== undefined || encryptionKey === undefined) return;
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  throw new Error(
    'Expected a stack with "env.region" for encryptionKey: the CDK writes a key into a table of a known region only.',
  );
}

/** The worker writes these two attributes; a table of another app does not tell its keys. */
function requireKeys(table: ITable): void {
  const { keySchema } = (table.node.defaultChild ?? {}) as CfnTable;
  if (!Array.isArray(keySchema)) return;
  const keys = (keySchema as CfnTable.KeySchemaProperty[])
    .map((key) => `${key.attributeName} (${key.keyType})`)
    .join(', ');
  if (keys === 'object (HASH), version (RANGE)') return;
  throw new Error(
    `Expected the partition key "object" and the sort key "version", both strings, of ${table.node.path}, got ${keys}.`,
  );
}

/** Options that would be ignored silently are refused. */
function refuseBoth(name: string, existing: unknown, propsName: string, props: unknown): void {
  if (existing !== undefined && props !== undefined) {
    throw new Error(
      `Expected "${name}" or "${propsName}", got both: the properties of an existing resource cannot be set.`,
    );
  }
}
