import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITable,
  type TableEncryptionV2,
  type TableOptionsV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { createDeadLetterQueue, createEncryptedQueue } from './encrypted-queue.ts';

/** What of a new table may be chosen. */
export interface TableOverrides extends TableOptionsV2 {
  /** @default - CloudFormation chooses */
  readonly tableName?: string;
  /** @default - a key of AWS, without cost */
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
  /** Override the new queue's defaults. @default - none */
  readonly queueProps?: QueueProps;
  /** Tells people of results. @default - a new topic */
  readonly resultTopic?: ITopic;
  /** Tells people of what could not be processed. @default - a new topic */
  readonly failureTopic?: ITopic;
  /** Gets mail from both topics; must be confirmed by its owner. @default - no mail */
  readonly email?: string | undefined;
  /** For the new table. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

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
  /** Holds results that a consumer gave up; absent when the queue was given. */
  readonly undelivered: IQueue | undefined;

  constructor(scope: Construct, id: string, props: ResultStoreProps = {}) {
    super(scope, id);
    refuseBoth('table', props.table, 'tableProps', props.tableProps);
    refuseBoth('queue', props.queue, 'queueProps', props.queueProps);
    this.table = props.table ?? (this.#createTable(props) as ITable);
    this.undelivered = props.queue === undefined ? createDeadLetterQueue(this, 'Undelivered') : undefined;
    this.queue = props.queue ?? this.#createQueue(props);
    this.resultTopic = props.resultTopic ?? new Topic(this, 'ResultTopic', { enforceSSL: true });
    this.failureTopic = props.failureTopic ?? new Topic(this, 'FailureTopic', { enforceSSL: true });
    if (props.email !== undefined) this.#mail(props.email);
  }

  #createTable({ removalPolicy = RemovalPolicy.RETAIN, tableProps = {} }: ResultStoreProps): TableV2 {
    return new TableV2(this, 'Table', {
      partitionKey: { name: 'object', type: AttributeType.STRING },
      sortKey: { name: 'version', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true, recoveryPeriodInDays: 35 },
      deletionProtection: removalPolicy === RemovalPolicy.RETAIN,
      removalPolicy,
      ...tableProps,
    });
  }

  #createQueue({ queueProps = {} }: ResultStoreProps): IQueue {
    return createEncryptedQueue(this, 'Queue', {
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

/** Options that would be ignored silently are refused. */
function refuseBoth(name: string, existing: unknown, propsName: string, props: unknown): void {
  if (existing !== undefined && props !== undefined) {
    throw new Error(
      `Expected "${name}" or "${propsName}", got both: the properties of an existing resource cannot be set.`,
    );
  }
}
