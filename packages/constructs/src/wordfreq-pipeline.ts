import { Duration } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { refuseOtherStack } from './announcing-bucket.ts';
import { BucketToQueue } from './bucket-to-queue.ts';
import { countingEnvironment, countingStatements } from './counting-options.ts';
import { createTopic } from './encrypted-topic.ts';
import { MonthlyBudget } from './monthly-budget.ts';
import { PageLoadBalancer } from './page-load-balancer.ts';
import { PipelineAlarms } from './pipeline-alarms.ts';
import { PipelineDashboard } from './pipeline-dashboard.ts';
import { type MonitoredParts, type PipelineMetrics, pipelineMetrics } from './pipeline-metrics.ts';
import { addOutputs } from './pipeline-outputs.ts';
import { createLogBucket, createPrivateBucket } from './private-bucket.ts';
import { QueueWorkerService } from './queue-worker-service.ts';
import { ResultStore } from './result-store.ts';
import { TableBackup } from './table-backup.ts';
import { UploadCopy } from './upload-copy.ts';
import { announceInPlace, uploadsInPlace } from './uploads-in-place.ts';
import { requireDeadLetters, validateProps, type WordFreqPipelineProps } from './wordfreq-pipeline-props.ts';
import { type RequiredPermissions, WorkRole } from './work-role.ts';
import {
  pageActionsEnvironment,
  WORKER_PORT,
  workerEnvironment,
  workerHealthCheck,
  workerStatements,
} from './worker-contract.ts';
import { WorkerNetwork } from './worker-network.ts';

/** The worker's own default: small texts wait for requests most of the time, and large ones take turns. */
const CONCURRENCY = 32;
/** Of a task's time. The more jobs share it, the longer each of them takes. */
const ASSUMED_SECONDS_PER_JOB = 3.75;

/**
 * The whole pipeline. Uploads are copied and announced, or with `copyUploads: false` announced where they are;
 * workers on Fargate, which scale with the work, count them; results are stored, published and backed up.
 *
 * @example
 * new WordFreqPipeline(this, 'WordFreq', { image: WorkerImage.fromEcr(repository, '1.0.0') });
 */
export class WordFreqPipeline extends Construct {
  /** The bucket to which files are uploaded. */
  readonly uploadBucket: IBucket;
  /** The bucket from which workers read: the one for copies, or with `copyUploads: false` that of uploads. */
  readonly processingBucket: IBucket;
  /** The bucket for access logs and flow logs; `undefined` with `accessLogs: false`. */
  readonly logBucket: IBucket | undefined;
  /** The copying of uploads; `undefined` with `copyUploads: false`. */
  readonly upload: UploadCopy | undefined;
  /** The queue, and the topic if there is one, through which objects become jobs. */
  readonly jobs: BucketToQueue;
  /** The queue for jobs that could not be processed. */
  readonly deadLetters: IQueue;
  /** The table, the queue and the topics that receive results. */
  readonly results: ResultStore;
  /** The table of results: `results.table`. */
  readonly table: ITable;
  /** The ECS service whose tasks count words. */
  readonly workers: QueueWorkerService;
  /** The backup of the table; `undefined` with `backup: false`. */
  readonly backup: TableBackup | undefined;
  /** The load balancer in front of the workers' page; `undefined` without `page`. */
  readonly page: PageLoadBalancer | undefined;
  /** The CloudWatch dashboard; `undefined` with `dashboard: false`. */
  readonly dashboard: PipelineDashboard | undefined;
  /** The budget; `undefined` without `monthlyBudgetUsd`. */
  readonly budget: MonthlyBudget | undefined;
  /** The topic that alarms notify. */
  readonly alarmTopic: ITopic;
  /** The alarms by name; `docs/operations.md` has a runbook for each. */
  readonly alarms: { [name: string]: Alarm };
  /** Metrics for dashboards and alarms of your own. */
  readonly metrics: PipelineMetrics;

  constructor(scope: Construct, id: string, props: WordFreqPipelineProps) {
    super(scope, id);
    validateProps(props);
    const { removalPolicy, encryptionKey, upload = {}, jobs, copyUploads = true } = props;
    this.logBucket = this.#createLogBucket(props);
    this.alarmTopic = this.#createAlarmTopic(props);
    const options = { logs: this.logBucket, encryptionKey, removalPolicy };
    this.processingBucket = copyUploads
      ? (props.processingBucket ?? this.#createProcessingBucket(props))
      : uploadsInPlace(this, upload, options);
    this.upload = copyUploads ? this.#createUploadCopy(props) : undefined;
    this.uploadBucket = this.upload?.bucket ?? this.processingBucket;
    if (jobs?.via === 'sns' || jobs?.via === 'sqs') {
      refuseOtherStack(this.processingBucket, this, `jobs.via: '${jobs.via}'`);
    }
    this.jobs = new BucketToQueue(this, 'Jobs', {
      ...(copyUploads ? jobs : announceInPlace(this, this.processingBucket, upload, jobs)),
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
    this.metrics = pipelineMetrics(this.#monitoredParts());
    this.dashboard = this.#createDashboard(props);
    this.budget = this.#createBudget(props);
    addOutputs(this, props);
  }

  /**
   * What each role must allow: the statements that new roles would get, for the administrator of existing
   * ones.
   */
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

  #createUploadCopy({ upload, roles, encryptionKey, removalPolicy }: WordFreqPipelineProps): UploadCopy {
    return new UploadCopy(this, 'Upload', {
      ...upload,
      destination: this.processingBucket,
      roles,
      logs: this.logBucket,
      encryptionKey,
      removalPolicy,
    });
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
    const { worker = {}, roles, network, page: pageOptions, notify = 'failures' } = props;
    const resources = {
      jobs: this.jobs.queue,
      deadLetters: this.deadLetters,
      results: this.results,
      bucket: this.processingBucket,
    };
    const concurrency = worker.scaling?.concurrency ?? CONCURRENCY;
    const [page, actions] = [pageOptions !== undefined, pageOptions?.allowActions ?? false];
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
      statements: [
        ...workerStatements(resources, { page, actions, notify }),
        ...countingStatements(props.counting),
      ],
      // SQS reports a queue's messages late after six idle hours; the copy Lambda's invocations, where there
      // is one, are reported at once.
      scaling: {
        concurrency,
        jobDuration: Duration.seconds(concurrency * ASSUMED_SECONDS_PER_JOB),
        ...(this.upload === undefined ? {} : { arrivals: this.upload.function.metricInvocations() }),
        ...worker.scaling,
      },
      environment: {
        ...workerEnvironment(resources, {
          concurrency,
          notify,
          digestInterval: props.digestInterval,
          suffix: props.upload?.suffix ?? '.txt',
          stopTimeoutSeconds: worker.stopTimeout?.toSeconds() ?? 120,
          taskProtection: worker.taskProtection ?? true,
          page,
          actions,
        }),
        ...countingEnvironment(props.counting),
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
    if (page.allowActions !== true) return shown;
    for (const [name, value] of Object.entries(pageActionsEnvironment(shown.loadBalancer.loadBalancerArn))) {
      this.workers.container.addEnvironment(name, value);
    }
    return shown;
  }

  #createAlarms({ maxJobAge }: WordFreqPipelineProps): { [name: string]: Alarm } {
    const { alarms } = new PipelineAlarms(this, 'Alarms', {
      ...this.#monitoredParts(),
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
      ...this.#monitoredParts(),
      ...(dashboard === true ? {} : { dashboard }),
      alarms: Object.values(this.alarms),
    });
  }

  #monitoredParts(): MonitoredParts {
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
