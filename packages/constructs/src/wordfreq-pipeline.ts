import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { refuseOtherStack } from './announcing-bucket.ts';
import { BucketToQueue } from './bucket-to-queue.ts';
import { createTopic } from './encrypted-topic.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { PageLoadBalancer } from './page-load-balancer.ts';
import { PipelineAlarms } from './pipeline-alarms.ts';
import { PipelineDashboard } from './pipeline-dashboard.ts';
import { type Measured, type PipelineMetrics, pipelineMetrics } from './pipeline-metrics.ts';
import { tellOutputs } from './pipeline-outputs.ts';
import { createLogBucket, createPrivateBucket } from './private-bucket.ts';
import { QueueWorkerService } from './queue-worker-service.ts';
import { ResultStore } from './result-store.ts';
import { TableBackup } from './table-backup.ts';
import { UploadCopy } from './upload-copy.ts';
import { refuseContradictions, type WordFreqPipelineProps } from './wordfreq-pipeline-props.ts';
import { type RequiredPermissions, WorkRole } from './work-role.ts';
import {
  redriveEnvironment,
  WORKER_PORT,
  workerEnvironment,
  workerHealthCheck,
  workerStatements,
} from './worker-contract.ts';
import { WorkerNetwork } from './worker-network.ts';

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
  readonly logBucket: IBucket | undefined;
  readonly upload: UploadCopy;
  readonly jobs: BucketToQueue;
  readonly deadLetters: IQueue;
  readonly results: ResultStore;
  readonly table: ITable;
  readonly workers: QueueWorkerService;
  readonly backup: TableBackup | undefined;
  readonly page: PageLoadBalancer | undefined;
  readonly dashboard: PipelineDashboard | undefined;
  readonly budget: MonthlyBudget | undefined;
  readonly alarmTopic: ITopic;
  /** By name. */
  readonly alarms: { [name: string]: Alarm };
  /** For dashboards and alarms of your own. */
  readonly metrics: PipelineMetrics;

  constructor(scope: Construct, id: string, props: WordFreqPipelineProps) {
    super(scope, id);
    refuseContradictions(props);
    const { roles, removalPolicy, encryptionKey } = props;
    this.logBucket = this.#createLogBucket(props);
    this.alarmTopic = this.#createAlarmTopic(props);
    this.processingBucket = props.processingBucket ?? this.#createProcessingBucket(props);
    this.upload = new UploadCopy(this, 'Upload', {
      ...props.upload,
      destination: this.processingBucket,
      roles,
      logs: this.logBucket,
      encryptionKey,
      removalPolicy,
    });
    this.uploadBucket = this.upload.bucket;
    if (props.jobs?.via === 'sns') refuseOtherStack(this.processingBucket, this, "jobs.via: 'sns'");
    this.jobs = new BucketToQueue(this, 'Jobs', {
      ...props.jobs,
      bucket: this.processingBucket,
      encryptionKey,
    });
    this.deadLetters = requireDeadLetters(this.jobs);
    this.results = new ResultStore(this, 'Results', {
      email: props.resultEmail,
      encryptionKey,
      removalPolicy,
      ...props.results,
    });
    this.table = this.results.table;
    this.workers = this.#createWorkers(props);
    this.backup = this.#createBackup(props);
    this.page = this.#createPage(props);
    this.alarms = this.#createAlarms(props);
    this.metrics = pipelineMetrics(this.#watched());
    this.dashboard = this.#createDashboard(props);
    this.budget = this.#createBudget(props);
    tellOutputs(this, props);
  }

  /** What each role must allow, for the administrator who grants it: the same statements that new roles would get. */
  get requiredPermissions(): RequiredPermissions[] {
    return WorkRole.requiredPermissions(this);
  }

  #createLogBucket({ accessLogs, logBucket }: WordFreqPipelineProps): IBucket | undefined {
    if (accessLogs === false) return undefined;
    return logBucket ?? (createLogBucket(this, 'Logs') as IBucket);
  }

  #createAlarmTopic({ alarmTopic, alarmEmail, encryptionKey }: WordFreqPipelineProps): ITopic {
    const topic = alarmTopic ?? createTopic(this, 'AlarmTopic', encryptionKey);
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }

  #createProcessingBucket({
    processingBucketProps: bucketProps,
    encryptionKey,
    removalPolicy,
  }: WordFreqPipelineProps): IBucket {
    const options = { logs: this.logBucket, encryptionKey, removalPolicy, bucketProps };
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
    const { page: pageOptions } = props;
    const [page, redrive] = [pageOptions !== undefined, pageOptions?.allowRedrive ?? false];
    const { notify = 'failures' } = props;
    return new QueueWorkerService(this, 'Worker', {
      image: props.image,
      healthCheck: workerHealthCheck(),
      port: WORKER_PORT,
      ...worker,
      queue: this.jobs.queue,
      roles,
      network: new WorkerNetwork(this, 'Network', {
        logBucket: this.logBucket,
        ...(this.logBucket === undefined ? { flowLogs: 'off' as const } : {}),
        ...network,
      }),
      statements: workerStatements(resources, { page, redrive, notify }),
      // At night nobody uses the jobs queue; the calls of the copy Lambda are reported at once.
      scaling: { concurrency, arrivals: this.upload.function.metricInvocations(), ...worker.scaling },
      environment: {
        ...workerEnvironment(resources, {
          concurrency,
          notify,
          digestInterval: props.digestInterval,
          suffix: props.upload?.suffix ?? '.txt',
          stopTimeoutSeconds: worker.stopTimeout?.toSeconds() ?? 120,
          taskProtection: worker.taskProtection ?? true,
          page,
          redrive,
        }),
        ...worker.environment,
      },
    });
  }

  #createBackup({
    backup = {},
    roles,
    encryptionKey,
    removalPolicy,
  }: WordFreqPipelineProps): TableBackup | undefined {
    if (backup === false) return undefined;
    const { table, alarmTopic } = this;
    return new TableBackup(this, 'Backup', {
      ...backup,
      table,
      roles,
      alarmTopic,
      encryptionKey,
      removalPolicy,
    });
  }

  #createPage({ page }: WordFreqPipelineProps): PageLoadBalancer | undefined {
    if (page === undefined) return undefined;
    const shown = new PageLoadBalancer(this, 'Page', {
      logBucket: this.logBucket,
      ...page,
      workers: this.workers,
      port: WORKER_PORT,
    });
    if (page.allowRedrive !== true) return shown;
    for (const [name, value] of Object.entries(redriveEnvironment(shown.loadBalancer.loadBalancerArn))) {
      this.workers.container.addEnvironment(name, value);
    }
    return shown;
  }

  #createAlarms({ maxJobAge }: WordFreqPipelineProps): { [name: string]: Alarm } {
    const { alarms } = new PipelineAlarms(this, 'Alarms', {
      ...this.#watched(),
      topic: this.alarmTopic,
      undeliveredResults: this.results.undelivered,
      ...(maxJobAge === undefined ? {} : { maxJobAge }),
    });
    if (this.backup === undefined) return alarms;
    const { failedAlarm: BackupFailed, missingAlarm: BackupMissing } = this.backup;
    return { ...alarms, BackupFailed, BackupMissing };
  }

  #createDashboard({ dashboard = true }: WordFreqPipelineProps): PipelineDashboard | undefined {
    if (dashboard === false) return undefined;
    return new PipelineDashboard(this, 'Overview', {
      ...this.#watched(),
      ...(dashboard === true ? {} : { dashboard }),
      alarms: Object.values(this.alarms),
    });
  }

  #watched(): Measured {
    const { upload, workers, deadLetters: jobDeadLetters } = this;
    return { jobs: this.jobs.queue, jobDeadLetters, upload, workers };
  }

  #createBudget({
    monthlyBudgetUsd: limitUsd,
    alarmEmail: email,
  }: WordFreqPipelineProps): MonthlyBudget | undefined {
    if (limitUsd === undefined || email === undefined) return undefined;
    return new MonthlyBudget(this, 'Budget', { limitUsd, email });
  }
}

function requireDeadLetters({ deadLetters }: BucketToQueue): IQueue {
  if (deadLetters !== undefined) return deadLetters;
  throw new Error(
    'Expected jobs.deadLetterQueue with jobs.queue: the worker puts there what it cannot process.',
  );
}
