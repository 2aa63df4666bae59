import { App, type AppProps, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

// CloudFormation's own validation takes seconds per process; only one test file enables it.
process.env['CDK_VALIDATION'] ??= 'false';

/** A resource as the template has it. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A synthesized stack. */
export interface Synthesized {
  readonly stack: Stack;
  readonly template: Template;
  readonly resources: ReadonlyMap<string, TemplateResource>;
}

export function synthesize(
  build: (stack: Stack) => void,
  stackProps: StackProps = {},
  appProps: AppProps = {},
): Synthesized {
  const stack = new Stack(new App(appProps), 'Stack', stackProps);
  build(stack);
  const template = Template.fromStack(stack);
  const resources = new Map(
    Object.entries(template.toJSON()['Resources'] as Record<string, TemplateResource>),
  );
  return { stack, template, resources };
}

/** A statement of a policy, as the template has it. */
export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Principal?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}

/** The statements of a policy of a bucket, queue, topic or role. */
export function statementsOf(policy: TemplateResource | undefined): readonly Statement[] {
  const document = policy?.Properties?.['PolicyDocument'] as { Statement: Statement[] } | undefined;
  return document?.Statement ?? [];
}

/** Returns violations of the rules that every template must follow. */
export function findingsIn(resources: ReadonlyMap<string, TemplateResource>): string[] {
  return [...resources].flatMap(
    ([id, { Type: type, Properties: properties = {}, DeletionPolicy: policy }]) => {
      const findings: string[] = [];
      if (type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource') {
        findings.push(`${id} is a custom resource`);
      }
      if (type === 'AWS::S3::Bucket') {
        const block = properties['PublicAccessBlockConfiguration'] as Record<string, boolean> | undefined;
        if (block === undefined || Object.values(block).filter(Boolean).length !== 4)
          findings.push(`${id} may be public`);
        if (properties['BucketEncryption'] === undefined) findings.push(`${id} is not encrypted`);
        if (properties['AccessControl'] !== undefined) findings.push(`${id} has an ACL`);
      }
      const ownKey = properties['KmsMasterKeyId'] !== undefined;
      if (type === 'AWS::SQS::Queue' && properties['SqsManagedSseEnabled'] !== true && !ownKey) {
        findings.push(`${id} is not encrypted`);
      }
      if (/^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)$/.test(type) && !isTlsOnly(id, resources)) {
        findings.push(`${id} takes requests without TLS`);
      }
      if (
        /^AWS::(S3::Bucket(Policy)?|DynamoDB::GlobalTable|Backup::BackupVault)$/.test(type) &&
        !isKept(policy)
      ) {
        findings.push(`${id} goes with its stack`);
      }
      return findings;
    },
  );
}

function isKept(policy: string | undefined): boolean {
  return policy === 'Retain' || policy === 'RetainExceptOnCreate';
}

function isTlsOnly(id: string, resources: ReadonlyMap<string, TemplateResource>): boolean {
  return [...resources.values()].some(({ Type: type, Properties: properties }) => {
    if (!/^AWS::(S3::Bucket|SQS::Queue|SNS::Topic)Policy$/.test(type)) return false;
    const text = JSON.stringify(properties);
    return text.includes('aws:SecureTransport') && text.includes(`"${id}"`);
  });
}
