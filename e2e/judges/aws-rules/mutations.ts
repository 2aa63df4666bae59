/** Templates without one thing that AWS needs: a judge that does not notice it proves nothing. */
import type { TemplateBody, TemplateResource } from '../support/templates.ts';
import { NAME_PROPERTIES } from './deployed-template.ts';

type Json = Readonly<Record<string, unknown>>;

interface Mutation {
  /** What was taken out, in words that hold for every template: logical ids without their hashes. */
  readonly name: string;
  readonly body: TemplateBody;
  /** The order that was taken out, if it was one. */
  readonly order?: { readonly first: string; readonly next: string };
}

/** Replaces the mutated resource. */
type Put = (changed: TemplateResource) => TemplateBody;

/** Where each type has its statements. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'AWS::IAM::Policy': 'PolicyDocument',
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
  'AWS::KMS::Key': 'KeyPolicy',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
};

/** Everything that can be taken out of the resources that `isNew`. */
export function* mutationsOf(
  body: TemplateBody,
  isNew: (entry: [id: string, resource: TemplateResource]) => boolean,
): Generator<Mutation> {
  for (const entry of Object.entries(body.Resources)) {
    if (!isNew(entry)) continue;
    const [id, resource] = entry;
    const put: Put = (changed) => ({ ...body, Resources: { ...body.Resources, [id]: changed } });
    yield* withoutStatements(id, resource, put);
    yield* withoutWaiting(id, resource, body, put);
    yield* withoutCare(id, resource, put);
    if (/^AWS::(Lambda::Permission|EC2::VPCEndpoint)$/.test(resource.Type)) {
      const { Principal = '' } = resource.Properties ?? {};
      yield { name: `no ${resource.Type} ${Principal || plain(id)}`, body: without(body, id) };
    }
  }
}

/** Without each Allow of a policy. */
function* withoutStatements(id: string, resource: TemplateResource, put: Put): Generator<Mutation> {
  const property = DOCUMENTS[resource.Type];
  if (property === undefined) return;
  const document = resource.Properties?.[property] as { readonly Statement: readonly Json[] };
  for (const [index, statement] of document.Statement.entries()) {
    if (statement['Effect'] !== 'Allow') continue;
    const Statement = document.Statement.filter((_, other) => other !== index);
    const { Service, AWS } = (statement['Principal'] ?? {}) as Json;
    const who =
      Service === undefined && AWS === undefined ? '' : ` to ${JSON.stringify(Service ?? 'the account')}`;
    yield {
      name: `no ${[statement['Action']].flat().join(', ')}${who} in ${resource.Type} ${plain(id)}`,
      body: put({
        ...resource,
        Properties: { ...resource.Properties, [property]: { ...document, Statement } },
      }),
    };
  }
}

/** Without each `DependsOn`. */
function* withoutWaiting(
  id: string,
  resource: TemplateResource,
  { Resources }: TemplateBody,
  put: Put,
): Generator<Mutation> {
  const all = [resource.DependsOn ?? []].flat();
  for (const first of all) {
    yield {
      name: `${resource.Type} without waiting for ${Resources[first]?.Type} ${plain(first)}`,
      body: put({ ...resource, DependsOn: all.filter((other) => other !== first) }),
      order: { first, next: id },
    };
  }
}

/** What else somebody could forget. */
function* withoutCare(id: string, resource: TemplateResource, put: Put): Generator<Mutation> {
  const { Type: type, Properties: properties = {}, DeletionPolicy } = resource;
  const { ManagedPolicyArns, ...unmanaged } = properties;
  if (ManagedPolicyArns !== undefined) {
    yield { name: `no managed policies of ${plain(id)}`, body: put({ ...resource, Properties: unmanaged }) };
  }
  if (DeletionPolicy === 'RetainExceptOnCreate') {
    yield {
      name: `${type} kept after a creation that failed`,
      body: put({ ...resource, DeletionPolicy: 'Retain' }),
    };
    const named = NAME_PROPERTIES[type];
    const Properties = { ...properties, [named ?? '']: 'fixed' };
    if (named !== undefined)
      yield { name: `${type} of a fixed name that is kept`, body: put({ ...resource, Properties }) };
  }
  if (type === 'AWS::S3::BucketPolicy' && DeletionPolicy !== undefined) {
    const { DeletionPolicy: _, ...rest } = resource;
    yield { name: `${type} that goes before its bucket`, body: put(rest) };
  }
  if (type === 'AWS::Lambda::Function') {
    yield {
      name: `${type} that runs for an hour`,
      body: put({ ...resource, Properties: { ...properties, Timeout: 3600 } }),
    };
  }
  if (type === 'AWS::CloudWatch::Alarm') {
    const Properties = { ...properties, EvaluationPeriods: 10_081 };
    yield { name: `${type} that looks back more than a week`, body: put({ ...resource, Properties }) };
  }
  const text = JSON.stringify(properties);
  if (/"Expression":".*running/.test(text)) {
    const Properties = JSON.parse(
      text.replaceAll('"Period":300', '"Period":60').replaceAll('(visible >= 0)', '1'),
    );
    yield {
      name: `${type} that takes what is not reported yet for 0`,
      body: put({ ...resource, Properties }),
    };
  }
}

/** Without a resource, and without the `DependsOn` of others that name it. */
function without(body: TemplateBody, id: string): TemplateBody {
  const Resources = Object.fromEntries(
    Object.entries(body.Resources).flatMap(([other, resource]) => {
      if (other === id) return [];
      const { DependsOn = [], ...rest } = resource;
      return [[other, { ...rest, DependsOn: [DependsOn].flat().filter((one) => one !== id) }]];
    }),
  );
  return { ...body, Resources };
}

/** A logical id without the hash that the CDK puts at its end. */
const plain = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');
