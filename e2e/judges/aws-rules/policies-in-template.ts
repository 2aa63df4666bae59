import type { PolicyDocument } from '../support/policies.ts';
import { ACCOUNT, type DeployedTemplate } from './deployed-template.ts';

/** The policy of a resource, and the resources of the template that make it. */
export interface FoundPolicy {
  readonly document: PolicyDocument;
  readonly madeBy: readonly string[];
}

type Statement = Readonly<Record<string, unknown>>;

/** The types that hold the policies of others, and by which property they name them. */
const POLICIES_OF: Readonly<Record<string, readonly [type: string, names: string]>> = {
  'AWS::SQS::Queue': ['AWS::SQS::QueuePolicy', 'Queues'],
  'AWS::SNS::Topic': ['AWS::SNS::TopicPolicy', 'Topics'],
  'AWS::S3::Bucket': ['AWS::S3::BucketPolicy', 'Bucket'],
};

/** The policy of a resource as it is once everything is made. */
export function resourcePolicy(template: DeployedTemplate, id: string): FoundPolicy {
  const type = template.resources.get(id)?.Type ?? '';
  const properties = template.properties(id);
  if (type === 'AWS::KMS::Key') return { document: properties['KeyPolicy'] as PolicyDocument, madeBy: [id] };
  if (type === 'AWS::IAM::Role') {
    return { document: properties['AssumeRolePolicyDocument'] as PolicyDocument, madeBy: [id] };
  }
  if (type === 'AWS::Lambda::Function') return functionPolicy(template, id);
  const [policyType = '', names = ''] = POLICIES_OF[type] ?? [];
  const found = template
    .ofType(policyType)
    .filter(([, policy]) => [policy[names]].flat().some((name) => template.idOf(name) === id));
  if (found.length > 1) {
    throw new Error(
      `Expected one policy of ${id}, got ${found.map(([one]) => one)}: the last one replaces the others.`,
    );
  }
  const [policy] = found;
  if (policy !== undefined)
    return { document: policy[1]['PolicyDocument'] as PolicyDocument, madeBy: [policy[0]] };
  return {
    document: type === 'AWS::SNS::Topic' ? defaultTopicPolicy(template.arn(id)) : nobody(),
    madeBy: [],
  };
}

/** The policies of a role of this template. */
export function rolePolicies(template: DeployedTemplate, id: string): FoundPolicy[] {
  const own = (template.properties(id)['Policies'] ?? []) as { PolicyDocument: PolicyDocument }[];
  const attached = template
    .ofType('AWS::IAM::Policy')
    .filter(([, { Roles }]) => (Roles as unknown[]).some((role) => template.idOf(role) === id));
  return [
    ...own.map(({ PolicyDocument: document }) => ({ document, madeBy: [id] })),
    ...attached.map(([policy, { PolicyDocument: document }]) => ({
      document: document as PolicyDocument,
      madeBy: [policy],
    })),
  ];
}

function functionPolicy(template: DeployedTemplate, id: string): FoundPolicy {
  const permissions = template
    .ofType('AWS::Lambda::Permission')
    .filter(([, { FunctionName }]) => template.idOf(FunctionName) === id);
  const statements = permissions.map(([, permission]): Statement => {
    const { SourceAccount: account, SourceArn: arn } = permission;
    return {
      Effect: 'Allow',
      Principal: { Service: permission['Principal'] },
      Action: permission['Action'],
      Resource: template.arn(id),
      Condition: {
        ...(account === undefined ? {} : { StringEquals: { 'aws:SourceAccount': account } }),
        ...(arn === undefined ? {} : { ArnLike: { 'aws:SourceArn': arn } }),
      },
    };
  });
  return {
    document: { Version: '2012-10-17', Statement: statements },
    madeBy: permissions.map(([one]) => one),
  };
}

/**
 * What SNS gives a topic that has no policy: its own account may do everything, services of AWS for it
 * included.
 */
function defaultTopicPolicy(arn: string): PolicyDocument {
  const mine = { StringEquals: { 'aws:SourceAccount': ACCOUNT } };
  const statement = {
    Effect: 'Allow',
    Principal: '*',
    Action: 'sns:Publish',
    Resource: arn,
    Condition: mine,
  };
  return { Version: '2012-10-17', Statement: [statement] };
}

const nobody = (): PolicyDocument => ({ Version: '2012-10-17', Statement: [] });
