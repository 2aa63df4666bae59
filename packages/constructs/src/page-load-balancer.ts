import { Duration, Stack } from 'aws-cdk-lib';
import { Peer, Port, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  type IApplicationListener,
  type IApplicationLoadBalancer,
  type IApplicationTargetGroup,
  ListenerAction,
  ListenerCondition,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { type PageLoadBalancerProps, validateProps } from './page-load-balancer-props.ts';

/**
 * A load balancer in front of the workers' page. While no task is running there is no page: set
 * `scaling.minTasks` to 1.
 *
 * @example
 * new PageLoadBalancer(this, 'Page', { workers });
 */
export class PageLoadBalancer extends Construct {
  /** The load balancer: the given one, or a new one. */
  readonly loadBalancer: IApplicationLoadBalancer;
  /** The listener: the given one, or a new one. */
  readonly listener: IApplicationListener;
  /** The target group with the tasks. */
  readonly targetGroup: IApplicationTargetGroup;

  /**
   * @throws Error for an internet-facing load balancer without `allowFrom`, and for options that need or
   * exclude each other
   */
  constructor(scope: Construct, id: string, props: PageLoadBalancerProps) {
    super(scope, id);
    validateProps(props);
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
    // The CDK does not know which load balancers use an imported target group.
    if (!(this.targetGroup instanceof ApplicationTargetGroup)) {
      service.connections.allowFrom(this.loadBalancer, Port.tcp(port));
    }
  }
}

const LOG_PREFIX = 'page';

/** Sets the attributes, because the L2's `logAccessLogs()` needs a stack with a known region. */
function logAccess(loadBalancer: ApplicationLoadBalancer, bucket: IBucket | undefined): void {
  if (bucket === undefined) return;
  loadBalancer.setAttribute('access_logs.s3.enabled', 'true');
  loadBalancer.setAttribute('access_logs.s3.bucket', bucket.bucketName);
  loadBalancer.setAttribute('access_logs.s3.prefix', LOG_PREFIX);
  const { account } = Stack.of(loadBalancer);
  bucket.addToResourcePolicy(
    // Without a condition, as AWS documents: load balancers do not send the account that they write for.
    new PolicyStatement({
      principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
      actions: ['s3:PutObject'],
      resources: [bucket.arnForObjects(`${LOG_PREFIX}/AWSLogs/${account}/*`)],
    }),
  );
  // The load balancer writes a test file as soon as it gets these attributes.
  if (bucket.policy !== undefined) loadBalancer.node.addDependency(bucket.policy);
}
