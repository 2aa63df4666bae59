import { RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnTable,
  type ITable,
  ProjectionType,
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
import { type Names, notMisspelt, queueOverrides } from './cdk-props.ts';
import { anything, checkProps, email, type PropChecks, standardQueue } from './check-props.ts';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';
import { createTopic } from './encrypted-topic.ts';
import { KEPT } from './kept.ts';

/** The index of results by the time of their commit, which is written together with the records. */
export const NEWEST_INDEX = 'newest';

/** Overrides for a new table. */
export interface TableOverrides extends TableOptionsV2 {
  /**
   * The name of the table. CloudFormation cannot replace a table with a name.
   * @default - CloudFormation chooses
   */
  readonly tableName?: string;
  /** How the table is encrypted. @default - a key of AWS, free of charge */
  readonly encryption?: TableEncryptionV2;
  /** The attribute that holds the time at which DynamoDB deletes an item. @default - items do not expire */
  readonly timeToLiveAttribute?: string;
}

/** Properties of {@link ResultStore}. */
export interface ResultStoreProps {
  /**
   * The table for results. It needs the partition key `object` and the sort key `version`, both strings; and,
   * for the page and what lists the newest results, the index `newest` with the partition key `day`, the sort
   * key `committedAt`, and the attributes `outcome`, `totals` and `durationMs`.
   * @default - a new table
   */
  readonly table?: ITable;
  /** Override the new table's defaults. @default - none */
  readonly tableProps?: TableOverrides;
  /** The queue that receives a message for each result. @default - a new queue with a dead-letter queue */
  readonly queue?: IQueue;
  /**
   * The dead-letter queue of the results queue. With a given `queue`, pass that queue's own, for the alarm.
   * @default - a new one for a new queue
   */
  readonly deadLetterQueue?: IQueue;
  /** Override the new queue's defaults. @default - none */
  readonly queueProps?: QueueProps;
  /** The topic on which people are notified of results. @default - a new topic */
  readonly resultTopic?: ITopic;
  /** The topic on which people are notified of files that could not be processed. @default - a new topic */
  readonly failureTopic?: ITopic;
  /**
   * The bucket for the words of a result that is too large for DynamoDB (400 kB) or SQS (256 kB), which is
   * the case from several thousand words on.
   * @default - such a result fails
   */
  readonly spillBucket?: IBucket;
  /**
   * An address that is subscribed to both topics; its owner must confirm the subscriptions.
   * @default - no mail
   */
  readonly email?: string | undefined;
  /** Encrypts the new table, queues and topics. @default - keys of AWS */
  readonly encryptionKey?: IKey | undefined;
  /** The removal policy of the new table. @default - retained, and protected from deletion */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const TABLE_NAMES: Names<TableOverrides> = {
  contributorInsights: true,
  contributorInsightsSpecification: true,
  deletionProtection: true,
  encryption: true,
  kinesisStream: true,
  pointInTimeRecovery: true,
  pointInTimeRecoverySpecification: true,
  resourcePolicy: true,
  streamResourcePolicy: true,
  tableClass: true,
  tableName: true,
  tags: true,
  timeToLiveAttribute: true,
};

const CHECKS: PropChecks<ResultStoreProps> = {
  table: anything,
  tableProps: notMisspelt(TABLE_NAMES),
  queue: standardQueue,
  deadLetterQueue: standardQueue,
  queueProps: queueOverrides,
  resultTopic: anything,
  failureTopic: anything,
  spillBucket: anything,
  email: email,
  encryptionKey: anything,
  removalPolicy: anything,
};

/**
 * Where results go: a table, a queue for programs, and topics for people. The table is billed on demand, and
 * can be restored to any second of the last 35 days. Everything is encrypted and TLS only.
 *
 * @example
 * const { table, queue } = new ResultStore(this, 'Results', { email: 'team@example.com' });
 */
export class ResultStore extends Construct {
  /** The table of results. */
  readonly table: ITable;
  /** The queue that receives a message for each result. */
  readonly queue: IQueue;
  /** The topic on which people are notified of results. */
  readonly resultTopic: ITopic;
  /** The topic on which people are notified of files that could not be processed. */
  readonly failureTopic: ITopic;
  /** The bucket for the words of large results; `undefined` without `spillBucket`. */
  readonly spillBucket: IBucket | undefined;
  /** The dead-letter queue of the results queue; `undefined` for a given queue without one. */
  readonly undelivered: IQueue | undefined;

  /**
   * @throws Error for an existing resource together with properties for a new one, and for a key in a stack
   * without a region
   */
  constructor(scope: Construct, id: string, props: ResultStoreProps = {}) {
    super(scope, id);
    checkProps('ResultStore', props, CHECKS);
    rejectBoth('table', props.table, 'tableProps', props.tableProps);
    refuseKeyWithoutRegion(this, props);
    rejectBoth('queue', props.queue, 'queueProps', props.queueProps);
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
      globalSecondaryIndexes: [
        {
          indexName: NEWEST_INDEX,
          partitionKey: { name: 'day', type: AttributeType.STRING },
          sortKey: { name: 'committedAt', type: AttributeType.STRING },
          projectionType: ProjectionType.INCLUDE,
          nonKeyAttributes: ['outcome', 'totals', 'durationMs', 'cost'],
        },
      ],
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection,
      // DynamoDB does not delete a protected table, so with any other policy a rollback of the stack's
      // creation would fail.
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

  /** The worker decides what is mailed (`NOTIFY`): failures only, a digest, or every file. */
  #mail(email: string): void {
    this.resultTopic.addSubscription(new EmailSubscription(email));
    this.failureTopic.addSubscription(new EmailSubscription(email));
  }
}

function refuseKeyWithoutRegion(scope: Construct, { table, encryptionKey }: ResultStoreProps): void {
  if (table !== undefined || encryptionKey === undefined) return;
  if (!Token.isUnresolved(Stack.of(scope).region)) return;
  throw new Error(
    'Expected a stack with "env.region" for encryptionKey: the CDK can set a table\'s key only in a known region.',
  );
}

/** The worker writes these two attributes. The keys of an imported table are not known. */
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

/** Rejects options that would be ignored silently. */
function rejectBoth(name: string, existing: unknown, propsName: string, props: unknown): void {
  if (existing !== undefined && props !== undefined) {
    throw new Error(
      `Expected "${name}" or "${propsName}", got both: the properties of an existing resource cannot be set.`,
    );
  }
}
