import {
  type FlowLog,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  type IConnectable,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  type ISecurityGroup,
  type IVpc,
  Port,
  SecurityGroup,
  type SubnetSelection,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { Secret } from 'aws-cdk-lib/aws-ecs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, DependencyGroup, type IDependable } from 'constructs';
import { anything, atLeast, checkProps, oneOf, type PropChecks } from './check-props.ts';
import { createLogBucket } from './private-bucket.ts';

/**
 * How workers reach AWS. `public`: public subnets, public addresses, nothing may come in; costs nothing while no task runs. `isolated`:
 * no way to the internet, AWS by endpoints only. `nat`: private subnets and one NAT gateway.
 */
export type NetworkMode = 'public' | 'isolated' | 'nat';

/** Properties of {@link WorkerNetwork}. */
export interface WorkerNetworkProps {
  /** See NetworkMode. @default 'public' */
  readonly mode?: NetworkMode;
  /** Used as it is: no endpoint and no flow log is added. @default - a new VPC */
  readonly vpc?: IVpc;
  /** Of the interface endpoints that the given VPC has; tasks are let in. @default - tasks may reach them already, or there are none */
  readonly endpointSecurityGroup?: ISecurityGroup;
  /** Where tasks are placed. @default - all subnets of the mode's kind */
  readonly subnets?: SubnetSelection;
  /** In so many zones the new VPC is. @default 2 */
  readonly maxAzs?: number;
  /** Whether the new VPC logs who talks to whom. @default 's3' */
  readonly flowLogs?: 's3' | 'off';
  /** Where flow logs go. @default - a new bucket, where it is needed */
  readonly logBucket?: IBucket | undefined;
}

const SUBNET_TYPES: Readonly<Record<NetworkMode, SubnetType>> = {
  public: SubnetType.PUBLIC,
  isolated: SubnetType.PRIVATE_ISOLATED,
  nat: SubnetType.PRIVATE_WITH_EGRESS,
};

/** No Region has more zones. */
const MOST_ZONES = 6;

/** What a Fargate worker talks to besides S3 and DynamoDB, whose gateway endpoints are free. */
const INTERFACE_ENDPOINTS = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Sns: InterfaceVpcEndpointAwsService.SNS,
} as const;

/** Where ECS reads the secrets of a container before it starts the task. */
const SECRET_ENDPOINTS = {
  SecretsManager: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  Ssm: InterfaceVpcEndpointAwsService.SSM,
} as const;

const CHECKS: PropChecks<WorkerNetworkProps> = {
  mode: oneOf('public', 'isolated', 'nat'),
  vpc: anything,
  endpointSecurityGroup: anything,
  subnets: anything,
  maxAzs: atLeast(1),
  flowLogs: oneOf('s3', 'off'),
  logBucket: anything,
};

/**
 * The network of the workers.
 *
 * @example
 * const network = new WorkerNetwork(this, 'Network', { mode: 'isolated' });
 */
export class WorkerNetwork extends Construct {
  readonly vpc: IVpc;
  /** Where tasks are placed. */
  readonly subnets: SubnetSelection;
  /** Whether tasks need a public address to reach AWS. */
  readonly assignPublicIp: boolean;
  /** Whether tasks reach nothing but AWS services of this Region: an isolated network of ours. */
  readonly isolated: boolean;
  /** What must be there before tasks start: routes, endpoints, and leave to use them. */
  readonly established: IDependable;
  /** By which an isolated network of ours reaches AWS; empty for others. */
  readonly interfaceEndpoints: InterfaceVpcEndpoint[] = [];
  /** Of the interface endpoints, where there are any. */
  readonly endpointSecurityGroup: ISecurityGroup | undefined;
  /** Absent for a given VPC, and where flow logs are off. */
  readonly flowLog: FlowLog | undefined;
  /** Holds the flow log. */
  readonly logBucket: IBucket | undefined;
  readonly #established: DependencyGroup;

  constructor(scope: Construct, id: string, props: WorkerNetworkProps = {}) {
    super(scope, id);
    checkProps('WorkerNetwork', props, CHECKS);
    const { mode = 'public', vpc, endpointSecurityGroup, flowLogs = 's3' } = props;
    if (endpointSecurityGroup !== undefined && vpc === undefined) {
      throw new Error('Expected "vpc" with "endpointSecurityGroup": a new VPC has endpoints of its own.');
    }
    if (vpc !== undefined && props.maxAzs !== undefined) {
      throw new Error(
        'Expected "vpc" or "maxAzs", got both: an existing VPC has its zones; choose some with "subnets".',
      );
    }
    this.subnets = props.subnets ?? { subnetType: SUBNET_TYPES[mode] };
    this.assignPublicIp = mode === 'public';
    this.vpc = vpc ?? (this.#createVpc(props, mode) as IVpc);
    if (vpc === undefined && flowLogs === 's3') {
      // To S3, because a flow log to CloudWatch needs a role.
      this.logBucket = props.logBucket ?? (createLogBucket(this, 'FlowLogs') as IBucket);
      this.flowLog = this.vpc.addFlowLog('FlowLog', {
        destination: FlowLogDestination.toS3(this.logBucket, 'vpc/'),
      });
    }
    this.isolated = vpc === undefined && mode === 'isolated';
    this.endpointSecurityGroup = this.isolated ? this.#createEndpointGroup() : endpointSecurityGroup;
    // The VPC's own `internetConnectivityEstablished` holds its internet gateway only, not the routes.
    const { internetConnectivityEstablished: routes } = this.vpc.selectSubnets(this.subnets);
    this.#established = new DependencyGroup(routes);
    this.established = this.#established;
    if (this.isolated) this.#connectToAws();
  }

  /** Lets tasks get a secret when they start: an isolated network of ours has an endpoint for those that are asked for. */
  allowSecret({ arn }: Secret): void {
    const id = arn.includes(':ssm:') ? 'Ssm' : 'SecretsManager';
    if (!this.isolated || this.node.tryFindChild(id) !== undefined) return;
    this.#createEndpoint(id, SECRET_ENDPOINTS[id]);
  }

  /** Lets tasks use the endpoints, where there are any. */
  allow(tasks: IConnectable): void {
    this.endpointSecurityGroup?.connections.allowFrom(tasks, Port.tcp(443));
  }

  #createVpc({ maxAzs = 2 }: WorkerNetworkProps, mode: NetworkMode): Vpc {
    const tasks = { name: 'tasks', subnetType: SUBNET_TYPES[mode], cidrMask: 20 };
    return new Vpc(this, 'Vpc', {
      maxAzs,
      reservedAzs: Math.max(0, MOST_ZONES - maxAzs),
      natGateways: mode === 'nat' ? 1 : 0,
      // Tasks first, and space for more zones: each subnet keeps its addresses when mode or zones change. CloudFormation makes new subnets
      // before it deletes old ones, and AWS refuses those that overlap.
      subnetConfiguration:
        mode === 'nat' ? [tasks, { name: 'nat', subnetType: SubnetType.PUBLIC, cidrMask: 24 }] : [tasks],
      // Emptying the default group takes a custom resource; nothing of ours is in that group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
  }

  /** One for all endpoints, which keeps templates small. */
  #createEndpointGroup(): SecurityGroup {
    return new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'AWS endpoints: workers only.',
      allowAllOutbound: false,
    });
  }

  /** Until all of it is there, an image cannot be pulled, and ECS gives a deployment up after three failures. */
  #connectToAws(): void {
    for (const [id, service] of Object.entries(INTERFACE_ENDPOINTS)) this.#createEndpoint(id, service);
    const gateways = ['S3', 'DynamoDb'].map((id) => this.vpc.node.findChild(id));
    this.#established.add(...gateways);
    if (this.endpointSecurityGroup !== undefined) this.#established.add(this.endpointSecurityGroup);
  }

  #createEndpoint(id: string, service: InterfaceVpcEndpointAwsService): void {
    const { vpc, subnets, endpointSecurityGroup: group } = this;
    const securityGroups = group === undefined ? [] : [group];
    const endpoint = new InterfaceVpcEndpoint(this, id, {
      vpc,
      service,
      open: false,
      subnets,
      securityGroups,
    });
    this.interfaceEndpoints.push(endpoint);
    this.#established.add(endpoint);
  }
}
