import { Duration, type SecretValue, Stack } from 'aws-cdk-lib';
import { type IPeer, Peer, Port, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IApplicationListener,
  type IApplicationLoadBalancer,
  type IApplicationTargetGroup,
  type IListenerCertificate,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { anything, checkProps, type PropChecks, required } from './check-props.ts';
import type { QueueWorkerService } from './queue-worker-service.ts';

/** Where people sign in: an OpenID Connect provider, as its own documents name these. */
export interface PageSignIn {
  /** Such as `https://id.example.com`. */
  readonly issuer: string;
  /** Where people are sent to sign in. */
  readonly authorizationEndpoint: string;
  /** Where the load balancer changes their code into a token. */
  readonly tokenEndpoint: string;
  /** Where it asks who they are. */
  readonly userInfoEndpoint: string;
  /** As the provider has registered the page. */
  readonly clientId: string;
  /** Such as `SecretValue.secretsManager('wordfreq-page')`. */
  readonly clientSecret: SecretValue;
}

/** How the page is reached. */
export interface PageLoadBalancerOptions {
  /** Gets a listener for the page; its security group is opened as `allowFrom` says. @default - a new load balancer */
  readonly loadBalancer?: IApplicationLoadBalancer;
  /**
   * Of `loadBalancer`, gets a rule for the page, of `priority` and `conditions`; who may come in, and how, is its own.
   * @default - a new listener
   */
  readonly listener?: IApplicationListener;
  /** Of the rule in a given `listener`, where each number is there once. @default - none; a given listener needs it */
  readonly priority?: number;
  /** Of the rule in a given `listener`, such as `ListenerCondition.hostHeaders(['words.example.com'])`. @default - every path */
  readonly conditions?: ListenerCondition[];
  /** Of type `ip`; gets the tasks, and what it checks is its own. @default - a new one */
  readonly targetGroup?: IApplicationTargetGroup;
  /** Where the new listener listens. @default - 80, with `certificate` 443 */
  readonly listenerPort?: number;
  /** Public ones are reached from the internet. @default false */
  readonly internetFacing?: boolean;
  /** Who may come in. @default - the VPC's addresses; a public one must say */
  readonly allowFrom?: IPeer[];
  /** With it the page is served by HTTPS. @default - HTTP */
  readonly certificate?: IListenerCertificate;
  /**
   * Asks people who they are; needs `certificate`, or a given listener of HTTPS. The load balancer itself asks the provider: it must be
   * public, or in subnets from which a NAT gateway leads to the internet.
   * @default - whom `allowFrom` lets in sees the page
   */
  readonly signIn?: PageSignIn;
  /**
   * Who has signed in may send dead letters back. The worker verifies the load balancer's signature by a key on the internet, so not in an
   * isolated network. @default false
   */
  readonly allowRedrive?: boolean;
  /** Where the new load balancer is placed. @default - the VPC's public subnets for a public one, else where tasks are placed */
  readonly subnets?: SubnetSelection;
  /**
   * Where the access log of a new load balancer goes. One of this app is told to let it write; that of another app must allow
   * `logdelivery.elasticloadbalancing.amazonaws.com` to, without a condition. @default - no access log
   */
  readonly logBucket?: IBucket | undefined;
}

/** Properties of {@link PageLoadBalancer}. */
export interface PageLoadBalancerProps extends PageLoadBalancerOptions {
  /** Whose page is shown. */
  readonly workers: QueueWorkerService;
  /** Where the page listens in the container. @default 8080 */
  readonly port?: number;
  /** Where the load balancer asks whether a task is well. @default '/healthz' */
  readonly healthPath?: string;
}

/**
 * A load balancer in front of the workers' page. While no task runs there is nothing to show: set `scaling.minTasks` to 1.
 *
 * @example
 * new PageLoadBalancer(this, 'Page', { workers });
 */
export class PageLoadBalancer extends Construct {
  readonly loadBalancer: IApplicationLoadBalancer;
  readonly listener: IApplicationListener;
  /** The tasks. */
  readonly targetGroup: IApplicationTargetGroup;

  /** @throws Error for a public load balancer that does not say who may come in, and for options that need or exclude each other */
  constructor(scope: Construct, id: string, props: PageLoadBalancerProps) {
    super(scope, id);
    refuseContradictions(props);
    this.loadBalancer = props.loadBalancer ?? this.#createLoadBalancer(props);
    this.listener = props.listener ?? this.#createListener(props);
    this.targetGroup = props.targetGroup ?? this.#createTargetGroup(props);
    this.#addTasks(props);
    const { priority, conditions = [ListenerCondition.pathPatterns(['/*'])] } = props;
    const show = ListenerAction.forward([this.targetGroup]);
    this.listener.addAction('Page', {
      action:
        props.signIn === undefined ? show : ListenerAction.authenticateOidc({ ...props.signIn, next: show }),
      ...(props.listener === undefined || priority === undefined ? {} : { priority, conditions }),
    });
  }

  #createLoadBalancer(props: PageLoadBalancerProps): ApplicationLoadBalancer {
    const { network } = props.workers;
    const { internetFacing = false } = props;
    const loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      vpc: network.vpc,
      internetFacing,
      vpcSubnets: props.subnets ?? (internetFacing ? { subnetType: SubnetType.PUBLIC } : network.subnets),
      dropInvalidHeaderFields: true,
    });
    logAccess(loadBalancer, props.logBucket);
    return loadBalancer;
  }

  #createListener({ workers, certificate, allowFrom, ...props }: PageLoadBalancerProps): ApplicationListener {
    const [protocol, usual] =
      certificate === undefined ? [ApplicationProtocol.HTTP, 80] : [ApplicationProtocol.HTTPS, 443];
    const port = props.listenerPort ?? usual;
    for (const peer of allowFrom ?? [Peer.ipv4(workers.network.vpc.vpcCidrBlock)]) {
      this.loadBalancer.connections.allowFrom(peer, Port.tcp(port));
    }
    if (allowFrom === undefined) {
      acknowledge(
        this.loadBalancer,
        'AwsSolutions-EC23',
        'The rule cannot read the VPC’s own address range, which is known only when deployed.',
      );
    }
    return new ApplicationListener(this, 'Listener', {
      loadBalancer: this.loadBalancer,
      protocol,
      port,
      ...(certificate === undefined ? {} : { certificates: [certificate] }),
      open: false,
    });
  }

  #createTargetGroup({ workers, port = 8080, healthPath }: PageLoadBalancerProps): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, 'Workers', {
      vpc: workers.network.vpc,
      protocol: ApplicationProtocol.HTTP,
      targetType: TargetType.IP,
      port,
      healthCheck: { path: healthPath ?? '/healthz' },
      deregistrationDelay: Duration.seconds(10),
    });
  }

  #addTasks({ workers, port = 8080 }: PageLoadBalancerProps): void {
    const { service, container } = workers;
    const { containerName } = container;
    this.targetGroup.addTarget(service.loadBalancerTarget({ containerName, containerPort: port }));
    // One of another app does not know who sends to it.
    if (!(this.targetGroup instanceof ApplicationTargetGroup)) {
      service.connections.allowFrom(this.loadBalancer, Port.tcp(port));
    }
  }
}

const LOG_PREFIX = 'page';

/** By its attributes: the L2 asks for the stack's region, which a stack for any region has not. */
function logAccess(loadBalancer: ApplicationLoadBalancer, bucket: IBucket | undefined): void {
  if (bucket === undefined) return;
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.setAttribute('access_logs.s3.prefix', LOG_PREFIX);
  const { account } = Stack.of(loadBalancer);
  bucket.addToResourcePolicy(
    // Without a condition, as AWS documents it: load balancers do not send the account that they write for.
    new PolicyStatement({
      principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${LOG_PREFIX}/AWSLogs/${account}/*`)],
    }),
  );
  // The load balancer writes a test file when it gets these attributes.
  if (bucket.policy !== undefined) loadBalancer.node.addDependency(bucket.policy);
}

const SIGN_IN_CHECKS: PropChecks<PageSignIn> = {
  issuer: required('what the provider documents'),
  authorizationEndpoint: required('what the provider documents'),
  tokenEndpoint: required('what the provider documents'),
  userInfoEndpoint: required('what the provider documents'),
  clientId: required('what the provider documents'),
  clientSecret: required('what the provider documents'),
};

const CHECKS: PropChecks<PageLoadBalancerProps> = {
  loadBalancer: anything,
  listener: anything,
  priority: anything,
  conditions: anything,
  targetGroup: anything,
  listenerPort: anything,
  internetFacing: anything,
  allowFrom: anything,
  certificate: anything,
  signIn: anything,
  allowRedrive: anything,
  subnets: anything,
  logBucket: anything,
  workers: required('the QueueWorkerService that shows the page'),
  port: anything,
  healthPath: anything,
};

function refuseContradictions(props: PageLoadBalancerProps): void {
  checkProps('PageLoadBalancer', props, CHECKS);
  if (props.signIn !== undefined) checkProps('signIn', props.signIn, SIGN_IN_CHECKS);
  const { loadBalancer, listener, certificate, internetFacing, allowFrom, signIn } = props;
  if (internetFacing === true && allowFrom === undefined) {
    throw new Error('Expected allowFrom for a public load balancer, such as [Peer.ipv4("203.0.113.0/24")].');
  }
  if (loadBalancer !== undefined && (internetFacing ?? props.subnets) !== undefined) {
    throw new Error('Expected "loadBalancer" or "internetFacing" and "subnets", got both: it has its own.');
  }
  if (listener === undefined) {
    if ((props.priority ?? props.conditions) !== undefined) {
      throw new Error('Expected "listener" with "priority" and "conditions": a new one shows the page only.');
    }
    if (signIn !== undefined && certificate === undefined) {
      throw new Error('Expected a certificate with signIn: load balancers ask by HTTPS only.');
    }
  } else {
    if (loadBalancer === undefined || props.priority === undefined) {
      throw new Error(
        'Expected "loadBalancer" and "priority" with "listener": whose it is, and of the rule.',
      );
    }
    if ((certificate ?? allowFrom ?? props.listenerPort) !== undefined) {
      throw new Error(
        'Expected "listener" or "certificate", "allowFrom" and "listenerPort", got both: it has its own.',
      );
    }
  }
  if ((props.allowRedrive ?? false) && signIn === undefined) {
    throw new Error('Expected signIn with allowRedrive: nobody may change something unasked.');
  }
}
