/**
 * What AWS needs when it creates a resource, besides the policies of arrows: pairs of resources, of which the
 * first must exist before the second.
 */
import type { DeployedTemplate } from './deployed-template.ts';
import { tasksOf } from './role-arrows.ts';

type Json = Readonly<Record<string, unknown>>;

interface OrderRule {
  readonly name: string;
  /** Pairs of logical ids. */
  readonly find: (template: DeployedTemplate) => [first: string, then: string][];
}

const ids = (template: DeployedTemplate, type: string, is: (properties: Json) => boolean): string[] =>
  template
    .ofType(type)
    .filter(([, properties]) => is(properties))
    .map(([id]) => id);

/** The subnets of a service, and the default routes of their route tables. */
export function defaultRoutes(template: DeployedTemplate, subnets: readonly unknown[]): string[] {
  return template
    .ofType('AWS::EC2::SubnetRouteTableAssociation')
    .flatMap(([, { SubnetId, RouteTableId: table }]) =>
      subnets.includes(SubnetId)
        ? ids(
            template,
            'AWS::EC2::Route',
            ({ RouteTableId, DestinationCidrBlock }) =>
              RouteTableId === table && DestinationCidrBlock === '0.0.0.0/0',
          )
        : [],
    );
}

/** Where the tasks of a service are placed. */
export function subnetsOf(properties: Json): unknown[] {
  const network = (properties['NetworkConfiguration'] as { AwsvpcConfiguration: Json } | undefined) ?? {
    AwsvpcConfiguration: {},
  };
  return (network.AwsvpcConfiguration['Subnets'] ?? []) as unknown[];
}

const services = (template: DeployedTemplate): [id: string, properties: Json][] =>
  template.ofType('AWS::ECS::Service');

const attachmentsOf = (template: DeployedTemplate, vpc: unknown): string[] =>
  ids(template, 'AWS::EC2::VPCGatewayAttachment', ({ VpcId }) => VpcId === vpc);

const vpcOfSubnet = (template: DeployedTemplate, subnet: unknown): unknown =>
  template.ofType('AWS::EC2::Subnet').find(([id]) => id === template.idOf(subnet))?.[1]['VpcId'];

const before = (first: readonly string[], then: string): [string, string][] =>
  first.map((one) => [one, then]);

const ORDER_RULES: readonly OrderRule[] = [
  {
    name: 'tasks start with the policies of their roles',
    find: (template) =>
      tasksOf(template).flatMap(({ from, role, taskRole }) =>
        before(
          ids(template, 'AWS::IAM::Policy', ({ Roles }) =>
            [role, taskRole].some((one) => (Roles as unknown[]).some((name) => isRole(template, name, one))),
          ),
          from,
        ),
      ),
  },
  {
    name: 'a service is made when its cluster has capacity providers',
    find: (template) =>
      services(template).flatMap(([id, { Cluster, CapacityProviderStrategy }]) =>
        CapacityProviderStrategy === undefined
          ? []
          : before(
              ids(
                template,
                'AWS::ECS::ClusterCapacityProviderAssociations',
                (other) => other['Cluster'] === Cluster,
              ),
              id,
            ),
      ),
  },
  {
    name: 'a service is made when a listener sends to its target group',
    find: (template) =>
      services(template).flatMap(([id, { LoadBalancers = [] }]) =>
        (LoadBalancers as Json[]).flatMap(({ TargetGroupArn: group }) =>
          ['Listener', 'ListenerRule'].flatMap((type) =>
            before(
              ids(template, `AWS::ElasticLoadBalancingV2::${type}`, (properties) =>
                JSON.stringify(properties).includes(JSON.stringify(group)),
              ),
              id,
            ),
          ),
        ),
      ),
  },
  {
    name: 'tasks start when their subnets have a way to AWS',
    find: (template) =>
      services(template).flatMap(([id, properties]) => {
        const subnets = subnetsOf(properties);
        const vpcs = new Set(subnets.map((subnet) => vpcOfSubnet(template, subnet)));
        const endpoints = ids(template, 'AWS::EC2::VPCEndpoint', ({ VpcId }) => vpcs.has(VpcId));
        const routes = defaultRoutes(template, subnets);
        const tables = ids(template, 'AWS::EC2::SubnetRouteTableAssociation', ({ SubnetId }) =>
          subnets.includes(SubnetId),
        );
        // With a default route, everything takes it; without one, the endpoints are the only way.
        const way = routes.length > 0 ? routes : [...endpoints, ...wayIn(template, endpoints)];
        return before([...way, ...tables], id);
      }),
  },
  {
    name: 'a route, an address or a NAT gateway is made when the VPC has its internet gateway',
    find: (template) => [
      ...template.ofType('AWS::EC2::Route').flatMap(([id, { GatewayId: gateway }]) =>
        gateway === undefined
          ? []
          : before(
              ids(
                template,
                'AWS::EC2::VPCGatewayAttachment',
                (other) => other['InternetGatewayId'] === gateway,
              ),
              id,
            ),
      ),
      ...template
        .ofType('AWS::EC2::NatGateway')
        .flatMap(([id, { SubnetId }]) =>
          before(attachmentsOf(template, vpcOfSubnet(template, SubnetId)), id),
        ),
    ],
  },
  {
    name: 'a public load balancer is made when the VPC has its internet gateway',
    find: (template) =>
      template
        .ofType('AWS::ElasticLoadBalancingV2::LoadBalancer')
        .flatMap(([id, { Scheme, Subnets = [] }]) =>
          Scheme === 'internet-facing'
            ? before(attachmentsOf(template, vpcOfSubnet(template, (Subnets as unknown[])[0])), id)
            : [],
        ),
  },
  {
    name: 'a service is scaled when it is there',
    find: (template) =>
      template.ofType('AWS::ApplicationAutoScaling::ScalableTarget').flatMap(([id, { ResourceId }]) =>
        before(
          services(template).flatMap(([service]) =>
            String(ResourceId).endsWith(`/${service}.Name`) ? [service] : [],
          ),
          id,
        ),
      ),
  },
];

function isRole(template: DeployedTemplate, name: unknown, role: unknown): boolean {
  const id = template.idOf(role);
  return id !== undefined && template.idOf(name) === id;
}

/** What admits tasks to interface endpoints. */
function wayIn(template: DeployedTemplate, endpoints: readonly string[]): string[] {
  const groups = new Set(
    endpoints.flatMap((id) => (template.properties(id)['SecurityGroupIds'] ?? []) as unknown[]),
  );
  return ids(
    template,
    'AWS::EC2::SecurityGroupIngress',
    ({ GroupId, FromPort }) => groups.has(GroupId) && FromPort === 443,
  );
}

/** Every pair that is in the wrong order. */
export function judgeOrder(template: DeployedTemplate): string[] {
  return ORDER_RULES.flatMap(({ name, find }) =>
    find(template)
      .filter(([first, then]) => !template.makesBefore(first, then))
      .map(([first, then]) => `${name}: ${then} is made before ${first}`),
  );
}
