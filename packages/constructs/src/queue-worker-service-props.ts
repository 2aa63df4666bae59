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

/** Overrides for the worker's container. */
export interface ContainerOverrides {
  /** The user that runs the program. @default - the image's user */
  readonly user?: string;
  /** The command, passed to the entry point. @default - the image's command */
  readonly command?: string[];
  /** The entry point. @default - the image's entry point */
  readonly entryPoint?: string[];
  /**
   * Secrets from Secrets Manager or Parameter Store, which the execution role is allowed to read. A new
   * isolated network gets the endpoint that they need; an existing one must have it.
   * @default - none
   */
  readonly secrets?: { [name: string]: Secret };
  /**
   * Whether the root file system is read-only. A program that writes files needs a volume, or `false`.
   * @default true
   */
  readonly readonlyRootFilesystem?: boolean;
}

/** Overrides for the ECS service. */
export interface ServiceOverrides {
  /** The name of the service. @default - CloudFormation chooses */
  readonly serviceName?: string;
  /** The least number of running tasks during a deployment, in percent of the desired count. @default 100 */
  readonly minHealthyPercent?: number;
  /**
   * The greatest number of running tasks during a deployment, in percent of the desired count.
   * @default 200
   */
  readonly maxHealthyPercent?: number;
  /** The platform version of Fargate. @default FargatePlatformVersion.LATEST */
  readonly platformVersion?: FargatePlatformVersion;
  /** Whether tasks get the tags of the service or of the task definition. @default - none */
  readonly propagateTags?: PropagatedTagSource;
}

/** How workers run. */
export interface QueueWorkerOptions {
  /**
   * The ECS cluster. A given one must have the capacity providers FARGATE and FARGATE_SPOT.
   * @default - a new cluster
   */
  readonly cluster?: ICluster;
  /**
   * A task definition of this app, to which the worker's container is added. It has its own CPU and memory,
   * and its roles get policies. With `roles`, create it with both of its roles, because the CDK creates those
   * that are missing.
   * @default - a new one
   */
  readonly taskDefinition?: FargateTaskDefinition;
  /** CPU units of a task; 1024 are one vCPU. @default 512 */
  readonly cpu?: number;
  /** Memory of a task in MiB; the valid range depends on `cpu`. @default 1024 */
  readonly memoryLimitMiB?: number;
  /** The architecture of the image. @default CpuArchitecture.ARM64 */
  readonly architecture?: CpuArchitecture;
  /** The share of tasks on Spot, relative to `onDemandWeight`. 0 uses no Spot. @default 4 */
  readonly spotWeight?: number;
  /** The share of tasks on demand, relative to `spotWeight`. @default 1 */
  readonly onDemandWeight?: number;
  /** How many tasks run on demand before Spot is used. @default 1 */
  readonly onDemandBase?: number;
  /**
   * How long a worker has to finish after SIGTERM; Fargate's limit is 120 s.
   * @default Duration.seconds(120)
   */
  readonly stopTimeout?: Duration;
  /**
   * The port on which the container listens, for a load balancer; without one, nothing may connect.
   * @default - none
   */
  readonly port?: number;
  /** The container's health check. @default - none; Fargate ignores the one in the image */
  readonly healthCheck?: HealthCheck;
  /** Environment variables of the container; they override those that a pipeline sets. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * How the number of tasks follows the work. `runningTasks` defaults to Container Insights for a new cluster
   * that has them, else to samples of the tasks' CPU.
   * @default - zero to ten tasks, see BacklogScalingOptions
   */
  readonly scaling?: BacklogScalingOptions;
  /** Whether the worker may protect its task from scale-in while it is busy. @default true */
  readonly taskProtection?: boolean;
  /**
   * How many tasks the first deployment starts. With 0 a stack can be created before its image exists, but
   * the number is set again whenever the service changes.
   * @default - CloudFormation starts one, and later leaves the number to scaling
   */
  readonly initialTasks?: number;
  /** The container's log group. @default - a new log group that keeps 30 days */
  readonly logGroup?: ILogGroup;
  /**
   * The tasks' security group. It must allow outbound traffic to AWS; no inbound rule is needed.
   * @default - a new one
   */
  readonly securityGroup?: ISecurityGroup;
  /** Container Insights of a new cluster. @default ContainerInsights.ENABLED */
  readonly containerInsights?: ContainerInsights;
  /** Override the container's defaults. @default - none */
  readonly containerProps?: ContainerOverrides;
  /** Override the service's defaults. @default - none */
  readonly serviceProps?: ServiceOverrides;
}

/** Properties of {@link QueueWorkerService}. */
export interface QueueWorkerServiceProps extends QueueWorkerOptions {
  /** The image of the worker's container. */
  readonly image: WorkerImage;
  /** The queue that the workers consume. */
  readonly queue: IQueue;
  /**
   * Existing roles; with them no role is created.
   * @default - new roles with the permissions that are needed
   */
  readonly roles?: ExistingRoles | undefined;
  /** The network in which tasks are placed. @default - a new public network */
  readonly network?: WorkerNetwork;
  /** What the workers may do in addition to consuming the queue. @default - nothing */
  readonly statements?: PolicyStatement[];
}

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

/** Exported for the pipeline, which reads some of these options before the service does. */
export const WORKER_CHECKS: PropChecks<QueueWorkerOptions> = {
  cluster: anything,
  taskDefinition: anything,
  cpu: anything,
  memoryLimitMiB: anything,
  architecture: anything,
  spotWeight: atLeast(0),
  onDemandWeight: atLeast(0),
  onDemandBase: atLeast(0),
  stopTimeout: seconds(1, 120, 'Fargate waits for at most 120'),
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
  queue: required('the queue that the workers consume', standardQueue),
  roles: anything,
  network: anything,
  statements: anything,
};

/** @throws Error for invalid options and for options that exclude each other */
export function validateProps(props: QueueWorkerServiceProps): void {
  checkProps('QueueWorkerService', props, CHECKS);
  checkProps('containerProps', props.containerProps, CONTAINER_CHECKS);
  checkProps('serviceProps', props.serviceProps, SERVICE_CHECKS);
  if (props.spotWeight === 0 && props.onDemandWeight === 0) {
    throw new Error(
      'Expected spotWeight or onDemandWeight above 0, got 0 for both: no task could be placed.',
    );
  }
  if (props.taskDefinition !== undefined && (props.cpu ?? props.memoryLimitMiB) !== undefined) {
    throw new Error(
      'Expected "taskDefinition" or "cpu" and "memoryLimitMiB", got both: an existing task definition has its own.',
    );
  }
  if (props.cluster !== undefined && props.containerInsights !== undefined) {
    throw new Error(
      'Expected "cluster" or "containerInsights", got both: the setting of an existing cluster cannot be changed.',
    );
  }
  if (hasNoInsights(props) && props.scaling?.runningTasks === 'container-insights') {
    throw new Error(
      "Expected runningTasks: 'cpu-samples' without Container Insights: otherwise no task is seen, and more and more are started.",
    );
  }
}

/** Which metric has the number of running tasks. A given cluster may not have Container Insights. */
export function runningTasksSource(props: QueueWorkerServiceProps): 'container-insights' | 'cpu-samples' {
  return props.cluster !== undefined || hasNoInsights(props) ? 'cpu-samples' : 'container-insights';
}

function hasNoInsights({ containerInsights }: QueueWorkerServiceProps): boolean {
  return containerInsights === ContainerInsights.DISABLED;
}
