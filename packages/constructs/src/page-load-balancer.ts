import { Duration, type SecretValue } from 'aws-cdk-lib';
import { type IPeer, Peer, Port, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IListenerCertificate,
  ListenerAction,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { QueueWorkerService } from './queue-worker-service.ts';

/** Where people sign in: an OpenID Connect provider, as its own documents name these. */
export interface PageSignIn {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly userInfoEndpoint: string;
  readonly clientId: string;
  /** Such as `SecretValue.secretsManager('wordfreq-page')`. */
  readonly clientSecret: SecretValue;
}

/** How the page is reached. */
export interface PageLoadBalancerOptions {
  /** Public ones are reached from the internet. @default false */
  readonly internetFacing?: boolean;
  /** Who may come in. @default - the VPC's addresses; a public one must say */
  readonly allowFrom?: IPeer[];
  /** With it the page is served by HTTPS. @default - HTTP */
  readonly certificate?: IListenerCertificate;
  /** Asks people who they are; needs `certificate`. @default - whom `allowFrom` lets in sees the page */
  readonly signIn?: PageSignIn;
  /**
   * Who has signed in may send dead letters back. The worker verifies the load balancer's signature by a key on the internet, so not in an
   * isolated network. @default false
   */
  readonly allowRedrive?: boolean;
  /** @default - where tasks are placed */
  readonly subnets?: SubnetSelection;
  /** Where the access log goes. @default - no access log */
  readonly logBucket?: IBucket | undefined;
}

/** Properties of {@link PageLoadBalancer}. */
export interface PageLoadBalancerProps extends PageLoadBalancerOptions {
  readonly workers: QueueWorkerService;
  /** Where the page listens in the container. @default 8080 */
  readonly port?: number;
  /** @default '/healthz' */
  readonly healthPath?: string;
}

/**
 * A load balancer in front of the workers' page. While no task runs there is nothing to show: set `scaling.minTasks` to 1.
 *
 * @example
 * new PageLoadBalancer(this, 'Page', { workers });
 */
export class PageLoadBalancer extends Construct {
  readonly loadBalancer: ApplicationLoadBalancer;

  /** @throws Error for a public load balancer that does not say who may come in, and for options that need each other */
  constructor(scope: Construct, id: string, props: PageLoadBalancerProps) {
    super(scope, id);
    const { workers, port = 8080, internetFacing = false, certificate } = props;
    const { vpc } = workers.network;
    if (internetFacing && props.allowFrom === undefined) {
      throw new Error(
        'Expected allowFrom for a public load balancer, such as [Peer.ipv4("203.0.113.0/24")].',
      );
    }
    refuseUnguarded(props);
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc,
      internetFacing,
      vpcSubnets: props.subnets ?? workers.network.subnets,
      dropInvalidHeaderFields: true,
    });
    this.#log(props.logBucket);
    const listener = this.loadBalancer.addListener('Listener', {
      protocol: certificate === undefined ? ApplicationProtocol.HTTP : ApplicationProtocol.HTTPS,
      ...(certificate === undefined ? {} : { certificates: [certificate] }),
      open: false,
    });
    const listensOn = Port.tcp(certificate === undefined ? 80 : 443);
    for (const peer of props.allowFrom ?? [Peer.ipv4(vpc.vpcCidrBlock)]) {
      this.loadBalancer.connections.allowFrom(peer, listensOn);
    }
    if (props.allowFrom === undefined) this.#acknowledgeVpcAddresses();
    listener.addAction('Page', { action: this.#action(props, port) });
  }

  #action({ workers, signIn, healthPath }: PageLoadBalancerProps, port: number): ListenerAction {
    const group = new ApplicationTargetGroup(this, 'Workers', {
      vpc: workers.network.vpc,
      protocol: ApplicationProtocol.HTTP,
      port,
      targets: [
        workers.service.loadBalancerTarget({
          containerName: workers.container.containerName,
          containerPort: port,
        }),
      ],
      healthCheck: { path: healthPath ?? '/healthz' },
      deregistrationDelay: Duration.seconds(10),
    });
    const show = ListenerAction.forward([group]);
    return signIn === undefined ? show : ListenerAction.authenticateOidc({ ...signIn, next: show });
  }

  /** By its attributes: the L2 asks for the stack's region, which a stack for any region has not. */
  #log(bucket: IBucket | undefined): void {
    if (bucket === undefined) return;
    this.loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
    this.loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
    this.loadBalancer.setAttribute('access_logs.s3.prefix', 'page');
    if (bucket.policy !== undefined) this.loadBalancer.node.addDependency(bucket.policy);
  }

  #acknowledgeVpcAddresses(): void {
    acknowledge(
      this.loadBalancer,
      'AwsSolutions-EC23',
      'The rule cannot read the VPC’s own address range, which is known only when deployed.',
    );
  }
}

function refuseUnguarded({ signIn, certificate, allowRedrive = false }: PageLoadBalancerOptions): void {
  if (signIn !== undefined && certificate === undefined) {
    throw new Error('Expected a certificate with signIn: load balancers ask by HTTPS only.');
  }
  if (allowRedrive && signIn === undefined) {
    throw new Error('Expected signIn with allowRedrive: nobody may change something unasked.');
  }
}
