import { Duration, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import {
  AwsLogDriverMode,
  CfnClusterCapacityProviderAssociations,
  Cluster,
  type ContainerDefinition,
  ContainerInsights,
  CpuArchitecture,
  FargateService,
  FargateTaskDefinition,
  type ICluster,
  LinuxParameters,
  LogDriver,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { BacklogScaling } from './backlog-scaling.ts';
import { useKeys } from './customer-key.ts';
import { createLogGroup, writeLog } from './log-group.ts';
import {
  type QueueWorkerServiceProps,
  runningTasksSource,
  validateProps,
} from './queue-worker-service-props.ts';
import { WorkRole } from './work-role.ts';
import type { BoundImage } from './worker-image.ts';
import { WorkerNetwork } from './worker-network.ts';

const TASKS = 'ecs-tasks.amazonaws.com';

/**
 * An ECS service on Fargate whose tasks consume a queue. ECS replaces failed tasks, and the number of tasks
 * follows the work. It works with any queue and any image.
 *
 * @example
 * new QueueWorkerService(this, 'Resizer', { queue, image: WorkerImage.fromRegistry('public.ecr.aws/acme/resizer:3') });
 */
export class QueueWorkerService extends Construct {
  /** The ECS cluster: the given one, or a new one. */
  readonly cluster: ICluster;
  /** The capacity providers of a new cluster; `undefined` for a given one. */
  readonly capacityProviders: CfnClusterCapacityProviderAssociations | undefined;
  /** The network in which tasks are placed. */
  readonly network: WorkerNetwork;
  /** The ECS service. */
  readonly service: FargateService;
  /** The task definition: the given one, or a new one. */
  readonly taskDefinition: FargateTaskDefinition;
  /** The worker's container. */
  readonly container: ContainerDefinition;
  /** The container's log group. */
  readonly logGroup: ILogGroup;
  /** The tasks' security group. */
  readonly securityGroup: ISecurityGroup;
  /** The role of the worker itself. */
  readonly taskRole: WorkRole;
  /** The role that pulls the image, reads secrets and writes the log. */
  readonly executionRole: WorkRole;
  /** The scaling of the service. */
  readonly scaling: BacklogScaling;

  /** @throws Error for options that exclude each other, such as a task definition and CPU or memory */
  constructor(scope: Construct, id: string, props: QueueWorkerServiceProps) {
    super(scope, id);
    validateProps(props);
    const { queue, roles, architecture = CpuArchitecture.ARM64 } = props;
    this.network = props.network ?? new WorkerNetwork(this, 'Network');
    this.cluster = props.cluster ?? (this.#createCluster(props) as ICluster);
    this.logGroup = props.logGroup ?? createLogGroup(this, 'Log');
    const { taskRole, executionRole } = rolesOf(props.taskDefinition);
    this.taskRole = new WorkRole(this, 'TaskRole', {
      purpose: 'task',
      service: TASKS,
      roles,
      role: taskRole,
    });
    this.executionRole = new WorkRole(this, 'ExecutionRole', {
      purpose: 'execution',
      service: TASKS,
      roles,
      role: executionRole,
    });
    const image = props.image.bind(this, architecture);
    refuseUnreachable(this.network, image);
    this.#grant(props, image);
    this.taskDefinition = props.taskDefinition ?? this.#createTaskDefinition(props, architecture);
    acknowledge(
      this.taskDefinition,
      'AwsSolutions-ECS2',
      'The environment holds settings and names of resources only; secrets are passed by containerProps.secrets.',
    );
    this.container = this.#addContainer(props, image);
    this.securityGroup = props.securityGroup ?? this.#createSecurityGroup();
    this.network.allow(this.securityGroup);
    this.service = this.#createService(props);
    this.capacityProviders = props.cluster === undefined ? this.#createCapacityProviders() : undefined;
    this.#orderCreation();
    this.scaling = new BacklogScaling(this, 'Scaling', {
      service: this.service,
      queue,
      runningTasks: runningTasksSource(props),
      ...props.scaling,
    });
  }

  #createCluster({ containerInsights = ContainerInsights.ENABLED }: QueueWorkerServiceProps): Cluster {
    return new Cluster(this, 'Cluster', { vpc: this.network.vpc, containerInsightsV2: containerInsights });
  }

  #createSecurityGroup(): SecurityGroup {
    const { vpc } = this.network;
    return new SecurityGroup(this, 'SecurityGroup', { vpc, description: 'Workers: no inbound traffic.' });
  }

  #grant(props: QueueWorkerServiceProps, image: BoundImage): void {
    const { queue, statements = [], taskProtection = true, containerProps: { secrets = {} } = {} } = props;
    this.taskRole.grant(consumeQueue(queue), ...useKeys([queue]), ...statements);
    if (taskProtection) this.taskRole.grant(protectTasks(this.cluster));
    this.executionRole.grant(writeLog(this.logGroup));
    for (const secret of Object.values(secrets)) {
      secret.grantRead(this.executionRole);
      this.network.allowSecret(secret);
    }
    if (image.repositoryArn !== undefined) this.executionRole.grant(...pullImage(image.repositoryArn));
  }

  #createTaskDefinition(
    { cpu = 512, memoryLimitMiB = 1024 }: QueueWorkerServiceProps,
    cpuArchitecture: CpuArchitecture,
  ): FargateTaskDefinition {
    return new FargateTaskDefinition(this, 'Task', {
      cpu,
      memoryLimitMiB,
      taskRole: this.taskRole.role,
      executionRole: this.executionRole.role,
      runtimePlatform: { cpuArchitecture, operatingSystemFamily: OperatingSystemFamily.LINUX },
    });
  }

  #addContainer(props: QueueWorkerServiceProps, { image }: BoundImage): ContainerDefinition {
    return this.taskDefinition.addContainer('Worker', {
      image,
      environment: { ...props.environment },
      readonlyRootFilesystem: true,
      // Forwards SIGTERM and reaps child processes, whatever program the image starts.
      linuxParameters: new LinuxParameters(this, 'Linux', { initProcessEnabled: true }),
      stopTimeout: props.stopTimeout ?? Duration.seconds(120),
      // A slow log must not block the worker.
      logging: LogDriver.awsLogs({
        streamPrefix: 'worker',
        logGroup: this.logGroup,
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
      ...(props.port === undefined ? {} : { portMappings: [{ containerPort: props.port }] }),
      ...(props.healthCheck === undefined ? {} : { healthCheck: props.healthCheck }),
      ...props.containerProps,
    });
  }

  #createService(props: QueueWorkerServiceProps): FargateService {
    const { spotWeight = 4, onDemandWeight = 1, onDemandBase = 1, initialTasks } = props;
    return new FargateService(this, 'Service', {
      cluster: this.cluster,
      taskDefinition: this.taskDefinition,
      vpcSubnets: this.network.subnets,
      assignPublicIp: this.network.assignPublicIp,
      securityGroups: [this.securityGroup],
      circuitBreaker: { enable: true, rollback: true },
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      enableECSManagedTags: true,
      capacityProviderStrategies: [
        { capacityProvider: 'FARGATE', weight: onDemandWeight, base: onDemandBase },
        ...(spotWeight === 0 ? [] : [{ capacityProvider: 'FARGATE_SPOT', weight: spotWeight }]),
      ],
      ...(initialTasks === undefined ? {} : { desiredCount: initialTasks }),
      ...props.serviceProps,
    });
  }

  #createCapacityProviders(): CfnClusterCapacityProviderAssociations {
    return new CfnClusterCapacityProviderAssociations(this, 'CapacityProviders', {
      cluster: this.cluster.clusterName,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      defaultCapacityProviderStrategy: [],
    });
  }

  /** Without these dependencies, creation races, and deletion fails with "capacity provider is in use". */
  #orderCreation(): void {
    if (this.capacityProviders !== undefined) this.service.node.addDependency(this.capacityProviders);
    this.service.node.addDependency(this.network.established);
    for (const { policy } of [this.taskRole, this.executionRole]) {
      if (policy !== undefined) this.service.node.addDependency(policy);
    }
  }
}

function refuseUnreachable({ isolated }: WorkerNetwork, { elsewhere }: BoundImage): void {
  if (!isolated || elsewhere === undefined) return;
  throw new Error(
    `Expected an image in ECR of this Region with the network mode 'isolated', got "${elsewhere}": tasks cannot reach other registries. Push it to ECR and use WorkerImage.fromEcr(), or choose the mode 'public' or 'nat'.`,
  );
}

function rolesOf(
  given: FargateTaskDefinition | undefined,
): Record<'taskRole' | 'executionRole', IRole | undefined> {
  return { taskRole: given?.taskRole, executionRole: given?.obtainExecutionRole() };
}

function consumeQueue(queue: IQueue): PolicyStatement {
  return new PolicyStatement({
    actions: [
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:ChangeMessageVisibility',
      'sqs:GetQueueAttributes',
    ],
    resources: [queue.queueArn],
  });
}

/** The worker protects its own task through the ECS agent's endpoint. */
function protectTasks(cluster: ICluster): PolicyStatement {
  const resourceName = `${cluster.clusterName}/*`;
  return new PolicyStatement({
    actions: ['ecs:GetTaskProtection', 'ecs:UpdateTaskProtection'],
    resources: [Stack.of(cluster).formatArn({ service: 'ecs', resource: 'task', resourceName })],
  });
}

function pullImage(repositoryArn: string): PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
      resources: [repositoryArn],
    }),
  ];
}
