import { CfnOutput, type RemovalPolicy } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Bucket, BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BucketToQueue, type BucketToQueueOptions } from './bucket-to-queue.ts';
import type { ExistingRoles } from './existing-roles.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { PageLoadBalancer, type PageLoadBalancerOptions } from './page-load-balancer.ts';
import { PipelineAlarms } from './pipeline-alarms.ts';
import { PipelineDashboard } from './pipeline-dashboard.ts';
import { createLogBucket, createPrivateBucket } from './private-bucket.ts';
import { type QueueWorkerOptions, QueueWorkerService } from './queue-worker-service.ts';
import { ResultStore, type ResultStoreProps } from './result-store.ts';
import { TableBackup, type TableBackupOptions } from './table-backup.ts';
import { UploadCopy, type UploadCopyOptions } from './upload-copy.ts';
import { type RequiredPermissions, WorkRole } from './work-role.ts';
import { WORKER_PORT, workerEnvironment, workerHealthCheck, workerStatements } from './worker-contract.ts';
import type { WorkerImage } from './worker-image.ts';
import { WorkerNetwork, type WorkerNetworkProps } from './worker-network.ts';

/** Properties of {@link WordFreqPipeline}. */
export interface WordFreqPipelineProps {
  /** The worker's image. */
  readonly image: WorkerImage;
  /** Roles that are there already; then no role is made. @default - new roles with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** @default - see UploadCopyOptions */
  readonly upload?: UploadCopyOptions;
  /** Where copies go and workers read. @default - a new private bucket */
  readonly processingBucket?: IBucket;
  /** Override the new processing bucket's defaults. @default - none */
  readonly processingBucketProps?: BucketProps;
  /** @default - see BucketToQueueOptions */
  readonly jobs?: BucketToQueueOptions;
  /** @default - see QueueWorkerOptions */
  readonly worker?: QueueWorkerOptions;
  /** @default - see ResultStoreProps */
  readonly results?: ResultStoreProps;
  /** `false` makes no backups. @default - daily, kept 35 days */
  readonly backup?: TableBackupOptions | false;
  /** @default - public subnets, nothing may come in */
  readonly network?: WorkerNetworkProps;
  /** A load balancer in front of the page. @default - none */
  readonly page?: PageLoadBalancerOptions;
  /** Which results are mailed: `failures`, each file (`each`), or none. @default 'failures' */
  readonly notify?: 'failures' | 'each' | 'none';
  /** Gets results and failures by mail. @default - nobody */
  readonly resultEmail?: string;
  /** Gets alarms by mail. @default - nobody */
  readonly alarmEmail?: string;
  /** @default - a new topic */
  readonly alarmTopic?: ITopic | undefined;
  /** Mails `alarmEmail` before the account's month costs more, in US dollars. @default - no budget */
  readonly monthlyBudgetUsd?: number;
  /** @default true */
  readonly dashboard?: boolean;
  /** Access logs of buckets and flow logs of the network, in one bucket. @default true */
  readonly accessLogs?: boolean;
  /** For buckets, table and vault. @default RemovalPolicy.RETAIN */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/**
 * The whole pipeline: uploads are copied, announced, counted by workers on Fargate that scale with the work, and the results kept, told
 * and backed up.
 *
 * @example
 * new WordFreqPipeline(this, 'WordFreq', { image: WorkerImage.fromEcr(repository, '1.0.0') });
 */
export class WordFreqPipeline extends Construct {
  readonly uploadBucket: IBucket;
  readonly processingBucket: IBucket;
  /** Holds access logs and flow logs. */
  readonly logBucket: Bucket | undefined;
  readonly upload: UploadCopy;
  readonly jobs: BucketToQueue;
  readonly deadLetters: IQueue;
  readonly results: ResultStore;
  readonly table: ITable;
  readonly workers: QueueWorkerService;
  readonly backup: TableBackup | undefined;
  readonly page: PageLoadBalancer | undefined;
  readonly alarmTopic: ITopic;
  /** By name. */
  readonly alarms: { [name: string]: Alarm };

  constructor(scope: Construct, id: string, props: WordFreqPipelineProps) {
    super(scope, id);
    refuseContradictions(props);
    const { roles, removalPolicy } = props;
    this.logBucket = props.accessLogs === false ? undefined : createLogBucket(this, 'Logs', removalPolicy);
    this.alarmTopic = this.#createAlarmTopic(props);
    this.processingBucket = props.processingBucket ?? this.#createProcessingBucket(props);
    this.upload = new UploadCopy(this, 'Upload', {
      ...props.upload,
      destination: this.processingBucket,
      roles,
      logs: this.logBucket,
      removalPolicy,
    });
    this.uploadBucket = this.upload.bucket;
    this.jobs = new BucketToQueue(this, 'Jobs', { ...props.jobs, bucket: this.processingBucket });
    this.deadLetters = requireDeadLetters(this.jobs);
    this.results = new ResultStore(this, 'Results', {
      email: props.resultEmail,
      removalPolicy,
      ...props.results,
    });
    this.table = this.results.table;
    this.workers = this.#createWorkers(props);
    this.backup = this.#createBackup(props);
    this.page = this.#createPage(props);
    this.alarms = this.#createAlarms(props);
    this.#createBudget(props);
    this.#tell(props);
  }

  /** What each role must allow, for the administrator who grants it: the same statements that new roles would get. */
  get requiredPermissions(): RequiredPermissions[] {
    return WorkRole.requiredPermissions(this);
  }

  #createAlarmTopic({ alarmTopic, alarmEmail }: WordFreqPipelineProps): ITopic {
    const topic = alarmTopic ?? new Topic(this, 'AlarmTopic', { enforceSSL: true });
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }

  #createProcessingBucket({
    processingBucketProps: bucketProps,
    removalPolicy,
  }: WordFreqPipelineProps): IBucket {
    const options = { logs: this.logBucket, removalPolicy, bucketProps };
    return createPrivateBucket(this, 'Processing', options) as IBucket;
  }

  #createWorkers(props: WordFreqPipelineProps): QueueWorkerService {
    const { worker = {}, roles, network } = props;
    const resources = {
      jobs: this.jobs.queue,
      deadLetters: this.deadLetters,
      results: this.results,
      bucket: this.processingBucket,
    };
    const concurrency = worker.scaling?.concurrency ?? 4;
    return new QueueWorkerService(this, 'Worker', {
      image: props.image,
      healthCheck: workerHealthCheck(),
      port: WORKER_PORT,
      ...worker,
      queue: this.jobs.queue,
      roles,
      network: new WorkerNetwork(this, 'Network', {
        logBucket: this.logBucket as IBucket | undefined,
        ...(this.logBucket === undefined ? { flowLogs: 'off' as const } : {}),
        ...network,
      }),
      statements: workerStatements(resources),
      scaling: { concurrency, ...worker.scaling },
      environment: {
        ...workerEnvironment(resources, {
          concurrency,
          notify: props.notify ?? 'failures',
          suffix: props.upload?.suffix ?? '.txt',
          stopTimeoutSeconds: worker.stopTimeout?.toSeconds() ?? 120,
          listenOnAllAddresses: props.page !== undefined,
        }),
        ...worker.environment,
      },
    });
  }

  #createBackup({ backup = {}, roles, removalPolicy }: WordFreqPipelineProps): TableBackup | undefined {
    if (backup === false) return undefined;
    const { table, alarmTopic } = this;
    return new TableBackup(this, 'Backup', { ...backup, table, roles, alarmTopic, removalPolicy });
  }

  #createPage({ page }: WordFreqPipelineProps): PageLoadBalancer | undefined {
    if (page === undefined) return undefined;
    const logBucket = this.logBucket as IBucket | undefined;
    return new PageLoadBalancer(this, 'Page', {
      logBucket,
      ...page,
      workers: this.workers,
      port: WORKER_PORT,
    });
  }

  #createAlarms({ dashboard = true }: WordFreqPipelineProps): { [name: string]: Alarm } {
    const parts = {
      jobs: this.jobs.queue,
      jobDeadLetters: this.deadLetters,
      upload: this.upload,
      workers: this.workers,
    };
    const { alarms } = new PipelineAlarms(this, 'Alarms', {
      ...parts,
      topic: this.alarmTopic,
      undeliveredResults: this.results.undelivered,
    });
    const all = {
      ...alarms,
      ...(this.backup === undefined
        ? {}
        : { BackupFailed: this.backup.failedAlarm, BackupMissing: this.backup.missingAlarm }),
    };
    if (dashboard) new PipelineDashboard(this, 'Overview', { ...parts, alarms: Object.values(all) });
    return all;
  }

  #createBudget({ monthlyBudgetUsd: limitUsd, alarmEmail: email }: WordFreqPipelineProps): void {
    if (limitUsd === undefined || email === undefined) return;
    new MonthlyBudget(this, 'Budget', { limitUsd, email });
  }

  #tell({ alarmEmail, resultEmail }: WordFreqPipelineProps): void {
    new CfnOutput(this, 'UploadBucketName', { value: this.uploadBucket.bucketName });
    new CfnOutput(this, 'ResultsTableName', { value: this.table.tableName });
    if (alarmEmail === undefined && resultEmail === undefined) return;
    new CfnOutput(this, 'ConfirmMails', {
      value: 'AWS has sent a mail for each subscription; nothing more comes before its link is clicked.',
    });
  }
}

function refuseContradictions(props: WordFreqPipelineProps): void {
  if (props.processingBucket !== undefined && props.processingBucketProps !== undefined) {
    throw new Error('Expected "processingBucket" or "processingBucketProps", got both.');
  }
  if (props.monthlyBudgetUsd !== undefined && props.alarmEmail === undefined) {
    throw new Error('Expected alarmEmail with monthlyBudgetUsd: a budget tells by mail.');
  }
}

function requireDeadLetters({ deadLetters }: BucketToQueue): IQueue {
  if (deadLetters !== undefined) return deadLetters;
  throw new Error(
    'Expected jobs.deadLetterQueue with jobs.queue: the worker puts there what it cannot process.',
  );
}
