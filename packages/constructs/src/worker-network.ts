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
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
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

/** What a Fargate worker talks to besides S3 and DynamoDB, whose gateway endpoints are free. */
const INTERFACE_ENDPOINTS = {
  EcrApi: InterfaceVpcEndpointAwsService.ECR,
  EcrDocker: InterfaceVpcEndpointAwsService.ECR_DOCKER,
  Logs: InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  Sqs: InterfaceVpcEndpointAwsService.SQS,
  Sns: InterfaceVpcEndpointAwsService.SNS,
} as const;

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
  /** By which an isolated network of ours reaches AWS; empty for others. */
  readonly interfaceEndpoints: InterfaceVpcEndpoint[];
  /** Of the interface endpoints, where there are any. */
  readonly endpointSecurityGroup: ISecurityGroup | undefined;
  /** Absent for a given VPC, and where flow logs are off. */
  readonly flowLog: FlowLog | undefined;
  /** Holds the flow log. */
  readonly logBucket: IBucket | undefined;

  constructor(scope: Construct, id: string, props: WorkerNetworkProps = {}) {
    super(scope, id);
    const { mode = 'public', vpc, endpointSecurityGroup, flowLogs = 's3' } = props;
    if (endpointSecurityGroup !== undefined && vpc === undefined) {
      throw new Error('Expected "vpc" with "endpointSecurityGroup": a new VPC has endpoints of its own.');
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
    const group = vpc === undefined && mode === 'isolated' ? this.#createEndpointGroup() : undefined;
    this.interfaceEndpoints = group === undefined ? [] : this.#createEndpoints(group);
    this.endpointSecurityGroup = group ?? endpointSecurityGroup;
  }

  /** Lets tasks use the endpoints, where there are any. */
  allow(tasks: IConnectable): void {
    this.endpointSecurityGroup?.connections.allowFrom(tasks, Port.tcp(443));
  }

  #createVpc({ maxAzs = 2 }: WorkerNetworkProps, mode: NetworkMode): Vpc {
    const tasks = { name: 'tasks', subnetType: SUBNET_TYPES[mode], cidrMask: 20 };
    return new Vpc(this, 'Vpc', {
      maxAzs,
      natGateways: mode === 'nat' ? 1 : 0,
      subnetConfiguration:
        mode === 'nat' ? [{ name: 'nat', subnetType: SubnetType.PUBLIC, cidrMask: 24 }, tasks] : [tasks],
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

  #createEndpoints(group: SecurityGroup): InterfaceVpcEndpoint[] {
    const { vpc, subnets } = this;
    return Object.entries(INTERFACE_ENDPOINTS).map(
      ([id, service]) =>
        new InterfaceVpcEndpoint(this, id, { vpc, service, open: false, subnets, securityGroups: [group] }),
    );
  }
}
