import type { SecretValue } from 'aws-cdk-lib';
import type { IPeer, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type {
  IApplicationListener,
  IApplicationLoadBalancer,
  IApplicationTargetGroup,
  IListenerCertificate,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { anything, checkProps, type PropChecks, required } from './check-props.ts';
import type { QueueWorkerService } from './queue-worker-service.ts';

/** An OpenID Connect provider where people sign in. The names are those of its discovery document. */
export interface PageSignIn {
  /** The provider's issuer, such as `https://id.example.com`. */
  readonly issuer: string;
  /** The URL to which people are sent to sign in. */
  readonly authorizationEndpoint: string;
  /** The URL at which the load balancer exchanges a code for a token. */
  readonly tokenEndpoint: string;
  /** The URL at which the load balancer asks who they are. */
  readonly userInfoEndpoint: string;
  /** The page's client id at the provider. */
  readonly clientId: string;
  /** The client secret, such as `SecretValue.secretsManager('wordfreq-page')`. */
  readonly clientSecret: SecretValue;
}

/** How the page is reached. */
export interface PageLoadBalancerOptions {
  /**
   * An existing load balancer. It gets a listener for the page, and its security group lets in what
   * `allowFrom` says.
   * @default - a new load balancer
   */
  readonly loadBalancer?: IApplicationLoadBalancer;
  /**
   * An existing listener of `loadBalancer`. It gets a rule for the page, with `priority` and `conditions`;
   * who may connect, and how, is left as it is.
   * @default - a new listener
   */
  readonly listener?: IApplicationListener;
  /**
   * The rule's priority, which must be unique within a given `listener`.
   * @default - none; required with a given listener
   */
  readonly priority?: number;
  /**
   * The rule's conditions in a given `listener`, such as
   * `ListenerCondition.hostHeaders(['words.example.com'])`.
   * @default - every path
   */
  readonly conditions?: ListenerCondition[];
  /**
   * An existing target group of type `ip`. It gets the tasks; its health check is left as it is.
   * @default - a new one
   */
  readonly targetGroup?: IApplicationTargetGroup;
  /** The port of the new listener. @default - 80, or 443 with `certificate` */
  readonly listenerPort?: number;
  /** Whether a new load balancer can be reached from the internet. @default false */
  readonly internetFacing?: boolean;
  /** Who may connect. @default - the VPC's addresses; required for an internet-facing load balancer */
  readonly allowFrom?: IPeer[];
  /** The certificate with which the page is served over HTTPS. @default - HTTP */
  readonly certificate?: IListenerCertificate;
  /**
   * Makes people sign in. Needs `certificate`, or a given HTTPS listener. The load balancer must reach the
   * provider: it must be internet-facing, or in subnets with a NAT gateway.
   * @default - everyone whom `allowFrom` lets in sees the page
   */
  readonly signIn?: PageSignIn;
  /**
   * Whether people who have signed in may redrive and delete dead letters, and pause intake. The worker
   * verifies the load balancer's signature with a key that it gets from the internet, so this does not work
   * in an isolated network.
   * @default false
   */
  readonly allowActions?: boolean;
  /**
   * The subnets of a new load balancer.
   * @default - the VPC's public subnets if internet-facing, else those of the tasks
   */
  readonly subnets?: SubnetSelection;
  /**
   * The bucket for the access log of a new load balancer. The policy of a bucket of this app gets a statement
   * for it; the policy of a bucket from another app must allow
   * `logdelivery.elasticloadbalancing.amazonaws.com` to write, without a condition.
   * @default - no access log
   */
  readonly logBucket?: IBucket | undefined;
}

/** Properties of {@link PageLoadBalancer}. */
export interface PageLoadBalancerProps extends PageLoadBalancerOptions {
  /** The workers that serve the page. */
  readonly workers: QueueWorkerService;
  /** The container's port. @default 8080 */
  readonly port?: number;
  /** The path of the health check. @default '/healthz' */
  readonly healthPath?: string;
}

const SIGN_IN_CHECKS: PropChecks<PageSignIn> = {
  issuer: required("the value from the provider's documentation"),
  authorizationEndpoint: required("the value from the provider's documentation"),
  tokenEndpoint: required("the value from the provider's documentation"),
  userInfoEndpoint: required("the value from the provider's documentation"),
  clientId: required("the value from the provider's documentation"),
  clientSecret: required("the value from the provider's documentation"),
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
  allowActions: anything,
  subnets: anything,
  logBucket: anything,
  workers: required('the QueueWorkerService that serves the page'),
  port: anything,
  healthPath: anything,
};

/**
 * @throws Error for an internet-facing load balancer without `allowFrom`, and for options that need or
 * exclude each other
 */
export function validateProps(props: PageLoadBalancerProps): void {
  checkProps('PageLoadBalancer', props, CHECKS);
  if (props.signIn !== undefined) checkProps('signIn', props.signIn, SIGN_IN_CHECKS);
  const { loadBalancer, listener, certificate, internetFacing, allowFrom, signIn } = props;
  if (internetFacing === true && allowFrom === undefined) {
    throw new Error(
      'Expected allowFrom for an internet-facing load balancer, such as [Peer.ipv4("203.0.113.0/24")].',
    );
  }
  if (loadBalancer !== undefined && (internetFacing ?? props.subnets) !== undefined) {
    throw new Error(
      'Expected "loadBalancer" or "internetFacing" and "subnets", got both: an existing load balancer has its own.',
    );
  }
  if (listener === undefined) {
    if ((props.priority ?? props.conditions) !== undefined) {
      throw new Error(
        'Expected "listener" with "priority" and "conditions": a new listener serves nothing but the page.',
      );
    }
    if (signIn !== undefined && certificate === undefined) {
      throw new Error('Expected a certificate with signIn: load balancers authenticate over HTTPS only.');
    }
  } else {
    if (loadBalancer === undefined || props.priority === undefined) {
      throw new Error(
        'Expected "loadBalancer" and "priority" with "listener": the load balancer that it belongs to, and the priority of the new rule.',
      );
    }
    if ((certificate ?? allowFrom ?? props.listenerPort) !== undefined) {
      throw new Error(
        'Expected "listener" or "certificate", "allowFrom" and "listenerPort", got both: an existing listener has its own.',
      );
    }
  }
  if ((props.allowActions ?? false) && signIn === undefined) {
    throw new Error('Expected signIn with allowActions: only people who have signed in may change anything.');
  }
}
