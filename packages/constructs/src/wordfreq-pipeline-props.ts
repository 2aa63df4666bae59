import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { BucketProps, IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { BucketToQueueOptions } from './bucket-to-queue.ts';
import { anything, checkProps, duration, email, object, oneOf, type PropChecks } from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';
import type { PageLoadBalancerOptions } from './page-load-balancer.ts';
import { type QueueWorkerOptions, WORKER_CHECKS } from './queue-worker-service-props.ts';
import type { ResultStoreProps } from './result-store.ts';
import type { TableBackupOptions } from './table-backup.ts';
import type { UploadCopyOptions } from './upload-copy-props.ts';
import { type WorkerImage, workerImage } from './worker-image.ts';
import type { WorkerNetworkProps } from './worker-network.ts';

/** Properties of `WordFreqPipeline`. */
export interface WordFreqPipelineProps {
  /** The worker's image. */
  readonly image: WorkerImage;
  /** Roles that are there already; then no role is made. @default - new roles with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** How uploads are copied. @default - see UploadCopyOptions */
  readonly upload?: UploadCopyOptions;
  /** Where copies go and workers read. @default - a new private bucket */
  readonly processingBucket?: IBucket;
  /** Override the new processing bucket's defaults. @default - none */
  readonly processingBucketProps?: BucketProps;
  /** How copies become jobs. @default - see BucketToQueueOptions */
  readonly jobs?: BucketToQueueOptions;
  /** How workers run. @default - see QueueWorkerOptions */
  readonly worker?: QueueWorkerOptions;
  /** Where results go. @default - see ResultStoreProps */
  readonly results?: ResultStoreProps;
  /** `false` makes no backups. @default - daily, kept 35 days */
  readonly backup?: TableBackupOptions | false;
  /** How workers reach AWS. @default - public subnets, nothing may come in */
  readonly network?: WorkerNetworkProps;
  /** A load balancer in front of the page. @default - none */
  readonly page?: PageLoadBalancerOptions;
  /** What is mailed: `failures`, each file (`each`), all of it in one mail an hour (`digest`), or nothing (`none`). @default 'failures' */
  readonly notify?: 'failures' | 'each' | 'digest' | 'none';
  /** With `notify: 'digest'`: one mail so often at most; whole minutes up to a day. @default Duration.hours(1) */
  readonly digestInterval?: Duration;
  /** Gets results and failures by mail. @default - nobody */
  readonly resultEmail?: string;
  /** Gets alarms by mail. @default - nobody */
  readonly alarmEmail?: string;
  /** A job that waits longer is late: the alarm `JobsLate`. @default Duration.hours(1) */
  readonly maxJobAge?: Duration;
  /**
   * Gets alarms. One of this app is allowed to take them, and one without a policy keeps what AWS's default policy allows; one of another
   * app must let CloudWatch publish. @default - a new topic
   */
  readonly alarmTopic?: ITopic | undefined;
  /** Mails `alarmEmail` before the account's month costs more, in US dollars. @default - no budget */
  readonly monthlyBudgetUsd?: number;
  /** A dashboard of yours that gets the widgets, or whether there is to be one. @default true */
  readonly dashboard?: boolean | Dashboard;
  /** Access logs of buckets and flow logs of the network, in one bucket. @default true */
  readonly accessLogs?: boolean;
  /** Where those logs go; its policy must let S3, flow logs and load balancers write. @default - a new bucket */
  readonly logBucket?: IBucket;
  /**
   * A key of yours for everything new that holds data: buckets, queues, topics, table, backups. The key of an app of somebody else must let
   * S3, SNS, EventBridge and CloudWatch use it. Not for the bucket of access logs, which S3 only writes with its own key. The stack must have
   * a region.
   * @default - keys of AWS, without cost
   */
  readonly encryptionKey?: IKey;
  /**
   * For the buckets of texts, table and vault. With `DESTROY` empty the buckets and delete the vault's recovery points before the stack. The
   * bucket of logs is always kept. @default - they are kept; buckets and vault go when the creation of the stack is rolled back
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
}

/** @throws Error for options of which one would be ignored */
const CHECKS: PropChecks<WordFreqPipelineProps> = {
  image: workerImage,
  roles: anything,
  upload: object,
  processingBucket: anything,
  processingBucketProps: anything,
  jobs: object,
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

export function refuseContradictions(props: WordFreqPipelineProps): void {
  checkProps('WordFreqPipeline', props, CHECKS);
  checkProps('worker', props.worker, WORKER_CHECKS);
  if (props.processingBucket !== undefined && props.processingBucketProps !== undefined) {
    throw new Error('Expected "processingBucket" or "processingBucketProps", got both.');
  }
  if (props.monthlyBudgetUsd !== undefined && props.alarmEmail === undefined) {
    throw new Error('Expected alarmEmail with monthlyBudgetUsd: a budget tells by mail.');
  }
  if (props.digestInterval !== undefined && props.notify !== 'digest') {
    throw new Error(`Expected notify: 'digest' with digestInterval, got ${props.notify ?? 'the default'}.`);
  }
  const { page, network } = props;
  if (page?.internetFacing === true && network?.mode === 'isolated' && network.vpc === undefined) {
    throw new Error(
      "Expected network.mode 'public' or 'nat' with internetFacing: an isolated VPC has no way from the internet.",
    );
  }
  if (asksNobody(props)) {
    throw new Error(
      "Expected internetFacing, page.subnets behind a NAT gateway or network.mode: 'nat' with signIn: the load balancer must reach the provider.",
    );
  }
  if (props.accessLogs === false && props.logBucket !== undefined) {
    throw new Error('Expected "logBucket" or "accessLogs: false", got both.');
  }
}

/** Whether a load balancer of ours, in a network of ours, has no way to the internet, where it asks who people are. */
function asksNobody({ page, network: { mode = 'public', vpc } = {} }: WordFreqPipelineProps): boolean {
  if (page?.signIn === undefined || (page.loadBalancer ?? page.subnets ?? vpc) !== undefined) return false;
  // An internal one has no public address, wherever it is placed.
  return mode !== 'nat' && !(mode === 'public' && page.internetFacing === true);
}
