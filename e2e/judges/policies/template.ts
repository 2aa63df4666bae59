import type { TemplateResource } from '../../../packages/constructs/test/support/synthesize.ts';
import type { PolicyDocument } from '../support/policies.ts';
import { type Existing, resolveTemplate } from '../support/resolve-template.ts';
import type { Statement } from './principal.ts';
import type { Place } from './service-permissions.ts';

type Properties = Readonly<Record<string, unknown>>;

/** A resource of a template, its properties without intrinsic functions. */
export interface ResolvedResource {
  readonly logicalId: string;
  readonly type: string;
  /** Its name where it is deployed. */
  readonly name: string;
  readonly ref: string;
  readonly arn: string;
  readonly properties: Properties;
}

/** A template as if it were deployed. */
export interface ResolvedTemplate {
  readonly place: Place;
  readonly resources: readonly ResolvedResource[];
  ofType(type: string): readonly ResolvedResource[];
  /** @throws Error when it is not there */
  get(logicalId: string): ResolvedResource;
  /** What a value stands for, such as a statement with `<LogicalId.Arn>`. */
  resolve(value: unknown): unknown;
}

/** What `Ref` and `Fn::GetAtt … Arn` give, by type; the rest is called by its logical id. */
const NAMED: Readonly<Record<string, (name: string, place: Place) => { ref?: string; arn: string }>> = {
  'AWS::S3::Bucket': (name) => ({ arn: `arn:aws:s3:::${name}` }),
  'AWS::SQS::Queue': (name, { region, account }) => ({
    ref: `${QUEUE_URLS}/${account}/${name}`,
    arn: `arn:aws:sqs:${region}:${account}:${name}`,
  }),
  'AWS::SNS::Topic': (name, { region, account }) => {
    const arn = `arn:aws:sns:${region}:${account}:${name}`;
    return { ref: arn, arn };
  },
  'AWS::DynamoDB::GlobalTable': (name, { region, account }) => ({
    arn: `arn:aws:dynamodb:${region}:${account}:table/${name}`,
  }),
  'AWS::KMS::Key': (name, { region, account }) => ({ arn: `arn:aws:kms:${region}:${account}:key/${name}` }),
  'AWS::IAM::Role': (name, { account }) => ({ arn: `arn:aws:iam::${account}:role/${name}` }),
  'AWS::ECS::Cluster': (name, { region, account }) => ({
    arn: `arn:aws:ecs:${region}:${account}:cluster/${name}`,
  }),
  'AWS::Logs::LogGroup': (name, { region, account }) => ({
    arn: `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
  }),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': (name, { region, account }) => {
    const arn = `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/app/${name}/0`;
    return { ref: arn, arn };
  },
};

/** Stands for the address of SQS until it is known; see {@link withQueueUrls}. */
const QUEUE_URLS = 'https://queues.invalid';

/** Puts the address of SQS into values. */
export function withQueueUrls(value: string, endpoint: string): string {
  return value.replace(QUEUE_URLS, endpoint);
}

/** Resolves a template; `prefix` keeps several apart that share servers. */
export function resolveWhole(
  resources: ReadonlyMap<string, TemplateResource>,
  place: Place,
  prefix: string,
): ResolvedTemplate {
  const existing = (id: string): Existing => {
    const { name, ref, arn } = identify(id, resources.get(id)?.Type ?? '', place, prefix);
    return {
      ref,
      attributes: { Arn: arn, QueueName: name, TopicName: name, TopicArn: arn, BackupVaultArn: arn },
    };
  };
  const resolve = (value: unknown): unknown => resolveTemplate(value, { ...place, resource: existing });
  const made = [...resources].map(([logicalId, { Type: type, Properties = {} }]): ResolvedResource => {
    const wanted = TYPES_THAT_ARE_READ.test(type) ? (resolve(Properties) as Properties) : {};
    return { logicalId, type, ...identify(logicalId, type, place, prefix), properties: wanted };
  });
  return {
    place,
    resources: made,
    ofType: (type) => made.filter((resource) => resource.type === type),
    get(logicalId) {
      const found = made.find((resource) => resource.logicalId === logicalId);
      if (found === undefined) throw new Error(`Expected ${logicalId} in the template.`);
      return found;
    },
    resolve: (value) => resolve(withReferences(value)),
  };
}

const TYPES_THAT_ARE_READ =
  /^AWS::(S3::Bucket|SQS::Queue|SNS::(Topic|Subscription)|DynamoDB::GlobalTable|KMS::Key|IAM::(Policy|Role)|ECS::TaskDefinition|Lambda::Function|Events::Rule)/;

function identify(
  logicalId: string,
  type: string,
  place: Place,
  prefix: string,
): Pick<ResolvedResource, 'name' | 'ref' | 'arn'> {
  const name = `${prefix}-${logicalId.toLowerCase()}`;
  const { ref = name, arn } = NAMED[type]?.(name, place) ?? { arn: `arn:aws:other:::${name}` };
  return { name, ref, arn };
}

/** `<LogicalId.Arn>/*`, as `requiredPermissions` writes it, becomes an intrinsic function again. */
function withReferences(value: unknown): unknown {
  if (typeof value === 'string') {
    return { 'Fn::Sub': value.replace(/<([\w:.]+)>/g, (_, path: string) => `\${${path}}`) };
  }
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withReferences(part)]));
}

/** The statements that a role has in a template. */
export function statementsOf(template: ResolvedTemplate, roleArn: string): Statement[] {
  const role = template.ofType('AWS::IAM::Role').find(({ arn }) => arn === roleArn);
  const attached = template
    .ofType('AWS::IAM::Policy')
    .filter(({ properties }) => (properties['Roles'] as string[] | undefined)?.includes(role?.ref ?? ''));
  const inline = (role?.properties['Policies'] ?? []) as Properties[];
  return [...attached.map(({ properties }) => properties), ...inline].flatMap(
    ({ PolicyDocument: document }) => (document as { Statement: Statement[] }).Statement,
  );
}

/** The policies of buckets, queues, topics and keys, by the ARN of what they protect. */
export function resourcePoliciesOf(template: ResolvedTemplate): ReadonlyMap<string, PolicyDocument> {
  const found = template.resources.flatMap(({ type, arn, properties }): [string, PolicyDocument][] => {
    const document = (properties['PolicyDocument'] ?? properties['KeyPolicy']) as PolicyDocument;
    if (type === 'AWS::KMS::Key') return [[arn, document]];
    if (!/^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)Policy$/.test(type)) return [];
    const { Bucket, Queues = [], Topics = [] } = properties as Record<string, string[]>;
    const protectedRefs = [Bucket ?? [], Queues, Topics].flat();
    return template.resources
      .filter(({ ref }) => protectedRefs.includes(ref))
      .map((resource) => [resource.arn, document]);
  });
  return new Map(found);
}

/** The customer's keys that resources are encrypted with, by their ARNs. */
export function keysOf(template: ResolvedTemplate): ReadonlyMap<string, string> {
  const keys = new Set(template.ofType('AWS::KMS::Key').flatMap(({ arn, ref }) => [arn, ref]));
  return new Map(
    template.resources.flatMap(({ type, arn, properties }): [string, string][] => {
      if (!/^AWS::(S3::Bucket|SQS::Queue|SNS::Topic|DynamoDB::GlobalTable)$/.test(type)) return [];
      const [, id] = /"K[Mm][Ss]MasterKeyI[Dd]":"([^"]+)"/.exec(JSON.stringify(properties)) ?? [];
      return id !== undefined && keys.has(id) ? [[arn, id]] : [];
    }),
  );
}

/** The names of buckets that keep versions. */
export function versionedBucketsOf(template: ResolvedTemplate): ReadonlySet<string> {
  const versioned = template.ofType('AWS::S3::Bucket').filter(({ properties }) => {
    const { Status } = (properties['VersioningConfiguration'] ?? {}) as { Status?: string };
    return Status === 'Enabled';
  });
  return new Set(versioned.map(({ name }) => name));
}
