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
 * How workers reach AWS. `public`: public subnets and addresses, without inbound traffic; it costs nothing
 * while no task is running. `isolated`: no route to the internet, AWS through endpoints only. `nat`: private
 * subnets and one NAT gateway.
 */
export type NetworkMode = 'public' | 'isolated' | 'nat';

/** Properties of {@link WorkerNetwork}. */
export interface WorkerNetworkProps {
  /** How workers reach AWS, see NetworkMode. @default 'public' */
  readonly mode?: NetworkMode;
  /** An existing VPC. No endpoints and no flow log are added. @default - a new VPC */
  readonly vpc?: IVpc;
  /**
   * The security group of the given VPC's interface endpoints; it gets a rule for the tasks.
   * @default - tasks can already reach the endpoints, or there are none
   */
  readonly endpointSecurityGroup?: ISecurityGroup;
  /** The subnets for tasks. @default - all subnets of the mode's type */
  readonly subnets?: SubnetSelection;
  /** The number of Availability Zones of a new VPC. @default 2 */
  readonly maxAzs?: number;
  /** Whether a new VPC writes flow logs. @default 's3' */
  readonly flowLogs?: 's3' | 'off';
  /** The bucket for flow logs. @default - a new bucket, if one is needed */
  readonly logBucket?: IBucket | undefined;
}

const SUBNET_TYPES: Readonly<Record<NetworkMode, SubnetType>> = {
  public: SubnetType.PUBLIC,
  isolated: SubnetType.PRIVATE_ISOLATED,
  nat: SubnetType.PRIVATE_WITH_EGRESS,
};

/** No Region has more Availability Zones. */
const MAX_ZONES = 6;

/** What a worker needs besides S3 and DynamoDB, whose gateway endpoints are free. */
const INTERFACE_ENDPOINTS = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Sns: InterfaceVpcEndpointAwsService.SNS,
} as const;

/** From these ECS reads the secrets of a container before it starts the task. */
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
  /** The VPC: the given one, or a new one. */
  readonly vpc: IVpc;
  /** The subnets for tasks. */
  readonly subnets: SubnetSelection;
  /** Whether tasks need a public address to reach AWS. */
  readonly assignPublicIp: boolean;
  /** Whether this is a new isolated network, in which tasks reach only AWS services of this Region. */
  readonly isolated: boolean;
  /** What must exist before tasks start: routes, endpoints, and permission to use them. */
  readonly established: IDependable;
  /** The interface endpoints of a new isolated network; empty for other networks. */
  readonly interfaceEndpoints: InterfaceVpcEndpoint[] = [];
  /** The security group of the interface endpoints; `undefined` if there are none. */
  readonly endpointSecurityGroup: ISecurityGroup | undefined;
  /** The flow log; `undefined` for a given VPC and with `flowLogs: 'off'`. */
  readonly flowLog: FlowLog | undefined;
  /** The bucket for the flow log. */
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
        'Expected "vpc" or "maxAzs", got both: an existing VPC has its own zones; choose among them with "subnets".',
      );
    }
    this.subnets = props.subnets ?? { subnetType: SUBNET_TYPES[mode] };
    this.assignPublicIp = mode === 'public';
    this.vpc = vpc ?? (this.#createVpc(props, mode) as IVpc);
    if (vpc === undefined && flowLogs === 's3') {
      // In S3, because a flow log in CloudWatch needs a role.
      this.logBucket = props.logBucket ?? (createLogBucket(this, 'FlowLogs') as IBucket);
      this.flowLog = this.vpc.addFlowLog('FlowLog', {
        destination: FlowLogDestination.toS3(this.logBucket, 'vpc/'),
      });
    }
    this.isolated = vpc === undefined && mode === 'isolated';
    this.endpointSecurityGroup = this.isolated ? this.#createEndpointGroup() : endpointSecurityGroup;
    // The VPC's own `internetConnectivityEstablished` includes only the internet gateway, not the routes.
    const { internetConnectivityEstablished: routes } = this.vpc.selectSubnets(this.subnets);
    this.#established = new DependencyGroup(routes);
    this.established = this.#established;
    if (this.isolated) this.#connectToAws();
  }

  /** Gives tasks access to a secret: a new isolated network gets the endpoint for its service. */
  allowSecret({ arn }: Secret): void {
    const id = arn.includes(':ssm:') ? 'Ssm' : 'SecretsManager';
    if (!this.isolated || this.node.tryFindChild(id) !== undefined) return;
    this.#createEndpoint(id, SECRET_ENDPOINTS[id]);
  }

  /** Allows tasks to use the interface endpoints, if there are any. */
  allow(tasks: IConnectable): void {
    this.endpointSecurityGroup?.connections.allowFrom(tasks, Port.tcp(443));
  }

  #createVpc({ maxAzs = 2 }: WorkerNetworkProps, mode: NetworkMode): Vpc {
    const tasks = { name: 'tasks', subnetType: SUBNET_TYPES[mode], cidrMask: 20 };
    return new Vpc(this, 'Vpc', {
      maxAzs,
      reservedAzs: Math.max(0, MAX_ZONES - maxAzs),
      natGateways: mode === 'nat' ? 1 : 0,
      // Tasks come first, with space for more zones, so that each subnet keeps its addresses when mode or
      // zones change. CloudFormation creates new subnets before it deletes old ones, and AWS rejects subnets
      // that overlap.
      subnetConfiguration:
        mode === 'nat' ? [tasks, { name: 'nat', subnetType: SubnetType.PUBLIC, cidrMask: 24 }] : [tasks],
      // Restricting the default group needs a custom resource, and the constructs do not use that group.
      restrictDefaultSecurityGroup: false,
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
    });
  }

  /** One group for all endpoints keeps templates small. */
  #createEndpointGroup(): SecurityGroup {
    return new SecurityGroup(this, 'Endpoints', {
      vpc: this.vpc,
      description: 'AWS endpoints: workers only.',
      allowAllOutbound: false,
    });
  }

  /**
   * Until all of this exists, images cannot be pulled, and ECS fails a deployment after three failed tasks.
   */
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
