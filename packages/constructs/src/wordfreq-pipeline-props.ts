import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { BucketToQueue, BucketToQueueOptions } from './bucket-to-queue.ts';
import { bucketOverrides } from './cdk-props.ts';
import {
  anything,
  checkProps,
  duration,
  email,
  flag,
  object,
  oneOf,
  type PropChecks,
} from './check-props.ts';
import { type CountingOptions, validateCounting } from './counting-options.ts';
import type { ExistingRoles } from './existing-roles.ts';
import type { PageLoadBalancerOptions } from './page-load-balancer-props.ts';
import { type QueueWorkerOptions, WORKER_CHECKS } from './queue-worker-service-props.ts';
import type { ResultStoreProps } from './result-store.ts';
import type { TableBackupOptions } from './table-backup-props.ts';
import type { UploadCopyOptions } from './upload-copy-props.ts';
import { validateUploadsInPlace } from './uploads-in-place.ts';
import { type WorkerImage, workerImage } from './worker-image.ts';
import type { WorkerNetworkProps } from './worker-network.ts';

/** Properties of `WordFreqPipeline`. */
export interface WordFreqPipelineProps {
  /** The worker's image. */
  readonly image: WorkerImage;
  /**
   * Existing roles; with them no role is created.
   * @default - new roles with the permissions that are needed
   */
  readonly roles?: ExistingRoles | undefined;
  /**
   * Whether uploads are copied to a second bucket before they are counted. With `false` they are counted where
   * they are, by their versions: without the second bucket and the copy Lambda, for about a third of the cost.
   * Workers may then read the versions of the uploading bucket. If the bucket is versioned, as a new one is,
   * each upload is counted as reliably as with copies; without versions, one that is overwritten before it is
   * counted ends as `skipped:overwritten`.
   * @default true
   */
  readonly copyUploads?: boolean;
  /**
   * How uploads are copied. With `copyUploads: false` only `bucket`, `bucketProps`, `prefix` and `suffix` apply.
   * @default - see UploadCopyOptions
   */
  readonly upload?: UploadCopyOptions;
  /**
   * The bucket to which uploads are copied and from which workers read. Not with `copyUploads: false`.
   * @default - a new private bucket
   */
  readonly processingBucket?: IBucket;
  /** Override the new processing bucket's defaults. @default - none */
  readonly processingBucketProps?: BucketProps;
  /** How copies become jobs. @default - see BucketToQueueOptions */
  readonly jobs?: BucketToQueueOptions;
  /** What workers count as words. @default - see CountingOptions */
  readonly counting?: CountingOptions;
  /** How workers run. @default - see QueueWorkerOptions */
  readonly worker?: QueueWorkerOptions;
  /** Where results go. @default - see ResultStoreProps */
  readonly results?: ResultStoreProps;
  /** How the table is backed up; `false` makes no backups. @default - daily, kept for 35 days */
  readonly backup?: TableBackupOptions | false;
  /** How workers reach AWS. @default - public subnets without inbound traffic */
  readonly network?: WorkerNetworkProps;
  /** A load balancer in front of the page. @default - none */
  readonly page?: PageLoadBalancerOptions;
  /**
   * What people are notified of: failures only (`failures`), each file (`each`), everything in one mail per
   * `digestInterval` (`digest`), or nothing (`none`).
   * @default 'failures'
   */
  readonly notify?: 'failures' | 'each' | 'digest' | 'none';
  /**
   * With `notify: 'digest'`: at most one mail per interval; whole minutes, up to a day.
   * @default Duration.hours(1)
   */
  readonly digestInterval?: Duration;
  /** An address that is notified of results and failures. @default - none */
  readonly resultEmail?: string;
  /** An address that is notified of alarms. @default - none */
  readonly alarmEmail?: string;
  /** How long a job may wait before the alarm `JobsLate` fires. @default Duration.hours(1) */
  readonly maxJobAge?: Duration;
  /**
   * The topic that alarms notify. The policy of a topic of this app gets a statement for CloudWatch, and
   * keeps what AWS's default policy allows. The policy of a topic from another app must allow CloudWatch to
   * publish.
   * @default - a new topic
   */
  readonly alarmTopic?: ITopic | undefined;
  /**
   * A budget for the account, in US dollars per month: `alarmEmail` gets a mail before the month costs more.
   * @default - no budget
   */
  readonly monthlyBudgetUsd?: number;
  /** An existing dashboard to which widgets are added, or whether to create one. @default true */
  readonly dashboard?: boolean | Dashboard;
  /**
   * Whether access logs of the buckets and flow logs of the network are written, into one bucket.
   * @default true
   */
  readonly accessLogs?: boolean;
  /**
   * The bucket for these logs. Its policy must allow S3, flow logs and load balancers to write.
   * @default - a new bucket
   */
  readonly logBucket?: IBucket;
  /**
   * Encrypts everything new that holds data: buckets, queues, topics, table, backups. The policy of a key
   * from another app must allow S3, SNS, EventBridge and CloudWatch to use it. It is not used for the log
   * bucket, to which S3 writes only with its own key. The stack must have a region.
   * @default - keys of AWS, free of charge
   */
  readonly encryptionKey?: IKey;
  /**
   * The removal policy of the uploading and processing buckets, the table and the vault. With `DESTROY`,
   * empty the buckets and delete the vault's recovery points before you delete the stack. The log bucket is
   * always retained.
   * @default - retained; buckets and vault are deleted if the creation of the stack is rolled back
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

const CHECKS: PropChecks<WordFreqPipelineProps> = {
  image: workerImage,
  roles: anything,
  copyUploads: flag,
  upload: object,
  processingBucket: anything,
  processingBucketProps: bucketOverrides,
  jobs: object,
  counting: object,
  worker: object,
  results: object,
  backup: (value) => (value === false ? undefined : object(value)),
  network: object,
  page: object,
  notify: oneOf('failures', 'each', 'digest', 'none'),
  digestInterval: duration,
  resultEmail: email,
  alarmEmail: email,
  maxJobAge: duration,
  alarmTopic: anything,
  monthlyBudgetUsd: anything,
  dashboard: anything,
  accessLogs: anything,
  logBucket: anything,
  encryptionKey: anything,
  removalPolicy: anything,
};

/** @throws Error for invalid options and for options of which one would be ignored */
export function validateProps(props: WordFreqPipelineProps): void {
  checkProps('WordFreqPipeline', props, CHECKS);
  checkProps('worker', props.worker, WORKER_CHECKS);
  if (props.copyUploads === false) requireOneBucket(props);
  validateCounting(props.counting);
  if (props.processingBucket !== undefined && props.processingBucketProps !== undefined) {
    throw new Error('Expected "processingBucket" or "processingBucketProps", got both.');
  }
  if (props.monthlyBudgetUsd !== undefined && props.alarmEmail === undefined) {
    throw new Error('Expected alarmEmail with monthlyBudgetUsd: a budget sends mail.');
  }
  if (props.digestInterval !== undefined && props.notify !== 'digest') {
    throw new Error(`Expected notify: 'digest' with digestInterval, got ${props.notify ?? 'the default'}.`);
  }
  const { page, network } = props;
  if (page?.internetFacing === true && network?.mode === 'isolated' && network.vpc === undefined) {
    throw new Error(
      "Expected network.mode 'public' or 'nat' with internetFacing: an isolated VPC cannot be reached from the internet.",
    );
  }
  if (cannotReachProvider(props)) {
    throw new Error(
      "Expected internetFacing, page.subnets behind a NAT gateway or network.mode: 'nat' with signIn: the load balancer must reach the provider.",
    );
  }
  if (props.accessLogs === false && props.logBucket !== undefined) {
    throw new Error('Expected "logBucket" or "accessLogs: false", got both.');
  }
}

function requireOneBucket({ upload, processingBucket, processingBucketProps }: WordFreqPipelineProps): void {
  validateUploadsInPlace(upload);
  if ((processingBucket ?? processingBucketProps) === undefined) return;
  throw new Error(
    'Expected no processing bucket with copyUploads: false, got "processingBucket" or "processingBucketProps". Name the bucket whose uploads are counted by upload.bucket or upload.bucketProps.',
  );
}

/**
 * Whether a new load balancer in a new network has no route to the internet, where the sign-in provider is.
 */
function cannotReachProvider({
  page,
  network: { mode = 'public', vpc } = {},
}: WordFreqPipelineProps): boolean {
  if (page?.signIn === undefined || (page.loadBalancer ?? page.subnets ?? vpc) !== undefined) return false;
  // An internal load balancer has no public address in any subnet.
  return mode !== 'nat' && !(mode === 'public' && page.internetFacing === true);
}

/** @throws Error for a given jobs queue without its dead-letter queue */
export function requireDeadLetters({ deadLetters }: BucketToQueue): IQueue {
  if (deadLetters !== undefined) return deadLetters;
  throw new Error(
    'Expected jobs.deadLetterQueue with jobs.queue: the worker sends there what it cannot process.',
  );
}
