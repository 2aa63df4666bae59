import type { Duration } from 'aws-cdk-lib';
import type { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  ContainerInsights,
  type CpuArchitecture,
  type FargatePlatformVersion,
  type FargateTaskDefinition,
  type HealthCheck,
  type ICluster,
  type PropagatedTagSource,
  type Secret,
} from 'aws-cdk-lib/aws-ecs';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { BacklogScalingOptions } from './backlog-scaling.ts';
import {
  anything,
  atLeast,
  checkProps,
  object,
  type PropChecks,
  required,
  seconds,
  standardQueue,
} from './check-props.ts';
import type { ExistingRoles } from './existing-roles.ts';
import { type WorkerImage, workerImage } from './worker-image.ts';
import type { WorkerNetwork } from './worker-network.ts';

/** What of the container may be chosen besides. */
export interface ContainerOverrides {
  /** Who runs the program. @default - as the image says */
  readonly user?: string;
  /** What is given to the entry point. @default - as the image says */
  readonly command?: string[];
  /** The program that is started. @default - as the image says */
  readonly entryPoint?: string[];
  /**
   * Values from Secrets Manager or Parameter Store, which the execution role may then read. An isolated network of ours gets the endpoint
   * for them; one of yours must have it. @default - none
   */
  readonly secrets?: { [name: string]: Secret };
  /** A program that writes files needs a volume, or `false`. @default true */
  readonly readonlyRootFilesystem?: boolean;
}

/** What of the service may be chosen besides. */
export interface ServiceOverrides {
  /** The name of the service. @default - CloudFormation chooses */
  readonly serviceName?: string;
  /** How many of the tasks a deployment leaves running, in percent. @default 100 */
  readonly minHealthyPercent?: number;
  /** How many tasks a deployment may run at once, in percent. @default 200 */
  readonly maxHealthyPercent?: number;
  /** Fargate's version. @default FargatePlatformVersion.LATEST */
  readonly platformVersion?: FargatePlatformVersion;
  /** Whose tags the tasks get. @default - none */
  readonly propagateTags?: PropagatedTagSource;
}

/** How workers run. */
export interface QueueWorkerOptions {
  /** Where tasks run. A given one must have the capacity providers FARGATE and FARGATE_SPOT. @default - a new cluster */
  readonly cluster?: ICluster;
  /**
   * A definition of this app that gets the worker's container, beside what it has; CPU and memory are its own, and its roles get policies.
   * Where `roles` are given, make it with both of its roles, as the CDK makes those that are missing.
   * @default - a new one
   */
  readonly taskDefinition?: FargateTaskDefinition;
  /** 256 is a quarter of a virtual CPU. @default 512 */
  readonly cpu?: number;
  /** What a task may use; Fargate has a range of it for each `cpu`. @default 1024 */
  readonly memoryLimitMiB?: number;
  /** For which the image is made. @default CpuArchitecture.ARM64 */
  readonly architecture?: CpuArchitecture;
  /** How many tasks run on Spot for each `onDemandWeight`. 0 uses no Spot. @default 4 */
  readonly spotWeight?: number;
  /** How many tasks run on demand for each `spotWeight`. @default 1 */
  readonly onDemandWeight?: number;
  /** So many tasks are on demand before Spot is used. @default 1 */
  readonly onDemandBase?: number;
  /** How long a worker may finish after SIGTERM; Fargate's limit is 120 s. @default Duration.seconds(120) */
  readonly stopTimeout?: Duration;
  /** Where the container listens, for a load balancer. Nothing may come in without one. @default - nowhere */
  readonly port?: number;
  /** What ECS runs in the container to see whether it is well. @default - none; Fargate ignores the image's own */
  readonly healthCheck?: HealthCheck;
  /** Variables for the container; they win over those of a pipeline. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * How many tasks run. How many do is read from Container Insights where a new cluster has them, else from samples of their CPU.
   * @default - none to ten tasks, see BacklogScalingOptions
   */
  readonly scaling?: BacklogScalingOptions;
  /** Lets the worker protect its task from scale-in while it is busy. @default true */
  readonly taskProtection?: boolean;
  /**
   * How many tasks the first deployment starts. 0 lets a stack be made before its image is there, but is applied again whenever the
   * service changes. @default - CloudFormation starts one, and later keeps what scaling chose
   */
  readonly initialTasks?: number;
  /** Where the container logs. @default - a new log of 30 days */
  readonly logGroup?: ILogGroup;
  /** Lets tasks reach AWS; nothing need come in. @default - a new one */
  readonly securityGroup?: ISecurityGroup;
  /** What CloudWatch measures of a new cluster. @default ContainerInsights.ENABLED */
  readonly containerInsights?: ContainerInsights;
  /** Override the container's defaults. @default - none */
  readonly containerProps?: ContainerOverrides;
  /** Override the service's defaults. @default - none */
  readonly serviceProps?: ServiceOverrides;
}

/** Properties of {@link QueueWorkerService}. */
export interface QueueWorkerServiceProps extends QueueWorkerOptions {
  /** What tasks run. */
  readonly image: WorkerImage;
  /** The queue that the workers take jobs from. */
  readonly queue: IQueue;
  /** Roles that are there already; then no role is made. @default - new roles with just what is needed */
  readonly roles?: ExistingRoles | undefined;
  /** Where tasks are placed, and how they reach AWS. @default - a new public network */
  readonly network?: WorkerNetwork;
  /** What the workers may do besides taking jobs. @default - nothing */
  readonly statements?: PolicyStatement[];
}

/** @throws Error for options that cannot be together */
const CONTAINER_CHECKS: PropChecks<ContainerOverrides> = {
  user: anything,
  command: anything,
  entryPoint: anything,
  secrets: anything,
  readonlyRootFilesystem: anything,
};

const SERVICE_CHECKS: PropChecks<ServiceOverrides> = {
  serviceName: anything,
  minHealthyPercent: anything,
  maxHealthyPercent: anything,
  platformVersion: anything,
  propagateTags: anything,
};

/** Also for the pipeline, which reads some of them before the service does. */
export const WORKER_CHECKS: PropChecks<QueueWorkerOptions> = {
  cluster: anything,
  taskDefinition: anything,
  cpu: anything,
  memoryLimitMiB: anything,
  architecture: anything,
  spotWeight: atLeast(0),
  onDemandWeight: atLeast(0),
  onDemandBase: atLeast(0),
  stopTimeout: seconds(1, 120, 'Fargate waits 120 at most'),
  port: atLeast(1),
  healthCheck: anything,
  environment: anything,
  scaling: object,
  taskProtection: anything,
  initialTasks: atLeast(0),
  logGroup: anything,
  securityGroup: anything,
  containerInsights: anything,
  containerProps: object,
  serviceProps: object,
};

const CHECKS: PropChecks<QueueWorkerServiceProps> = {
  ...WORKER_CHECKS,
  image: workerImage,
  queue: required('the queue with the work', standardQueue),
  roles: anything,
  network: anything,
  statements: anything,
};

export function refuseContradictions(props: QueueWorkerServiceProps): void {
  checkProps('QueueWorkerService', props, CHECKS);
  checkProps('containerProps', props.containerProps, CONTAINER_CHECKS);
  checkProps('serviceProps', props.serviceProps, SERVICE_CHECKS);
  if (props.spotWeight === 0 && props.onDemandWeight === 0) {
    throw new Error(
      'Expected spotWeight or onDemandWeight above 0, got 0 for both: no task could be placed.',
    );
  }
  if (props.taskDefinition !== undefined && (props.cpu ?? props.memoryLimitMiB) !== undefined) {
    throw new Error('Expected "taskDefinition" or "cpu" and "memoryLimitMiB", got both: it has its own.');
  }
  if (props.cluster !== undefined && props.containerInsights !== undefined) {
    throw new Error('Expected "cluster" or "containerInsights", got both: it has them or not.');
  }
  if (hasNoInsights(props) && props.scaling?.runningTasks === 'container-insights') {
    throw new Error(
      "Expected runningTasks: 'cpu-samples' without Container Insights: no task would be seen, and ever more be started.",
    );
  }
}

/** Where the number of running tasks is known to come from: not every cluster of others has Container Insights. */
export function sourceOfRunningTasks(props: QueueWorkerServiceProps): 'container-insights' | 'cpu-samples' {
  return props.cluster !== undefined || hasNoInsights(props) ? 'cpu-samples' : 'container-insights';
}

function hasNoInsights({ containerInsights }: QueueWorkerServiceProps): boolean {
  return containerInsights === ContainerInsights.DISABLED;
}
