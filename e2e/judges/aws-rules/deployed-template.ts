import { resolveTemplate } from '../support/resolve-template.ts';
import type { JudgedTemplate, TemplateResource } from '../support/templates.ts';

export const ACCOUNT = '123456789012';

type Json = Readonly<Record<string, unknown>>;

/**
 * The form of `Ref` and of the ARN by resource type, with `$name` for the resource's name; other types get
 * their logical id.
 */
const IDENTITIES: Readonly<Record<string, { readonly ref?: string; readonly arn?: string }>> = {
  'AWS::Backup::BackupVault': { arn: 'arn:aws:backup:$region:$account:backup-vault:$name' },
  'AWS::CloudWatch::Alarm': { arn: 'arn:aws:cloudwatch:$region:$account:alarm:$name' },
  'AWS::DynamoDB::GlobalTable': { arn: 'arn:aws:dynamodb:$region:$account:table/$name' },
  'AWS::ECR::Repository': { arn: 'arn:aws:ecr:$region:$account:repository/$name' },
  'AWS::ECS::Cluster': { arn: 'arn:aws:ecs:$region:$account:cluster/$name' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': {
    ref: 'arn:aws:elasticloadbalancing:$region:$account:loadbalancer/app/$name/0123456789abcdef',
  },
  'AWS::Events::Rule': { arn: 'arn:aws:events:$region:$account:rule/$name' },
  'AWS::IAM::Role': { arn: 'arn:aws:iam::$account:role/$name' },
  'AWS::KMS::Key': { arn: 'arn:aws:kms:$region:$account:key/$name' },
  'AWS::Lambda::Function': { arn: 'arn:aws:lambda:$region:$account:function:$name' },
  'AWS::Logs::LogGroup': { arn: 'arn:aws:logs:$region:$account:log-group:$name:*' },
  // S3 takes small letters only, and says so before CloudFormation would.
  'AWS::S3::Bucket': { ref: '$small', arn: 'arn:aws:s3:::$small' },
  'AWS::SecretsManager::Secret': { ref: 'arn:aws:secretsmanager:$region:$account:secret:$name-abcdef' },
  'AWS::SNS::Topic': { ref: 'arn:aws:sns:$region:$account:$name' },
  'AWS::SQS::Queue': {
    ref: 'https://sqs.$region.amazonaws.com/$account/$name',
    arn: 'arn:aws:sqs:$region:$account:$name',
  },
};

/** Which property gives a resource its name. */
export const NAME_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Backup::BackupVault': 'BackupVaultName',
  'AWS::CloudWatch::Alarm': 'AlarmName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::ECS::Cluster': 'ClusterName',
  'AWS::Events::Rule': 'Name',
  'AWS::IAM::Role': 'RoleName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::SQS::Queue': 'QueueName',
};

/** A template after deployment: references are resolved, and the order of creation is known. */
export class DeployedTemplate {
  readonly resources: ReadonlyMap<string, TemplateResource>;
  readonly region: string;
  readonly #parameters: ReadonlyMap<string, unknown>;
  readonly #values = new Map<string, Json>();
  readonly #idOf = new Map<string, string>();
  readonly #before = new Map<string, ReadonlySet<string>>();

  constructor({ body, region }: Pick<JudgedTemplate, 'body' | 'region'>) {
    this.region = region;
    this.resources = new Map(Object.entries(body.Resources));
    this.#parameters = new Map(
      Object.entries(body.Parameters ?? {}).map(([name, { Default }]) => [name, Default]),
    );
    for (const id of this.resources.keys()) {
      this.#idOf.set(this.#ref(id), id);
      this.#idOf.set(this.arn(id), id);
    }
  }

  /** The resources of a type, with their properties as they are once deployed. */
  ofType(type: string): [id: string, properties: Json][] {
    return [...this.resources]
      .filter(([, { Type }]) => Type === type)
      .map(([id]) => [id, this.properties(id)]);
  }

  /** What a resource's properties are once deployed. */
  properties(id: string): Json {
    let properties = this.#values.get(id);
    if (properties === undefined) {
      properties = this.#valueOf(this.resources.get(id)?.Properties ?? {}) as Json;
      this.#values.set(id, properties);
    }
    return properties;
  }

  /** Of a resource without an ARN its `Ref`. */
  arn(id: string): string {
    const { arn } = IDENTITIES[this.resources.get(id)?.Type ?? ''] ?? {};
    return arn === undefined ? this.#ref(id) : this.#fill(arn, id);
  }

  /** The resource of this template with that ARN or `Ref`. */
  idOf(arnOrRef: unknown): string | undefined {
    return typeof arnOrRef === 'string' ? this.#idOf.get(arnOrRef) : undefined;
  }

  /** Whether CloudFormation creates `first` before `then`. */
  makesBefore(first: string, then: string): boolean {
    return this.#allBefore(then).has(first);
  }

  #allBefore(id: string): ReadonlySet<string> {
    const known = this.#before.get(id);
    if (known !== undefined) return known;
    const all = new Set<string>();
    this.#before.set(id, all);
    const resource = this.resources.get(id);
    const direct = [...referencesIn(resource?.Properties), ...[resource?.DependsOn ?? []].flat()];
    for (const one of direct) {
      if (!this.resources.has(one)) continue;
      all.add(one);
      for (const earlier of this.#allBefore(one)) all.add(earlier);
    }
    return all;
  }

  #fill(pattern: string, id: string): string {
    const { Type: type = '', Properties: properties = {} } = this.resources.get(id) ?? {};
    const name = this.#valueOf(properties[NAME_PROPERTIES[type] ?? ''] ?? id);
    const values = { account: ACCOUNT, region: this.region, name, small: String(name).toLowerCase() };
    return pattern.replaceAll(/\$(\w+)/g, (_, key: keyof typeof values) => String(values[key]));
  }

  #ref(id: string): string {
    const type = this.resources.get(id)?.Type;
    if (type !== undefined) return this.#fill(IDENTITIES[type]?.ref ?? '$name', id);
    const value = this.#parameters.get(id);
    if (value === undefined)
      throw new Error(`Expected a resource or parameter of the template, got Ref ${id}.`);
    return String(value);
  }

  #valueOf(value: unknown): unknown {
    return resolveTemplate(value, {
      account: ACCOUNT,
      region: this.region,
      resource: (id) => ({ ref: this.#ref(id), attributes: this.#attributes(id) }),
    });
  }

  /** Any attribute: an ARN, or a text that no other attribute has. */
  #attributes(id: string): Readonly<Record<string, string>> {
    const get = (_: object, name: string): string =>
      name.endsWith('Arn') ? this.arn(id) : `${this.#ref(id)}.${name}`;
    return new Proxy({}, { get });
  }
}

/** The logical ids to which a value refers. */
function referencesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    if (key === 'Ref') return [String(item)];
    if (key === 'Fn::GetAtt') return [String((item as string[])[0])];
    if (key === 'Fn::Sub') return [...String(item).matchAll(/\$\{([\w:]+)/g)].map(([, id]) => String(id));
    return referencesIn(item);
  });
}
