import { zipSync } from 'fflate';
import { until } from '../../support/until.ts';
import type { Boto3Error } from '../support/boto3.ts';
import { CHECKS } from './checks.ts';
import { applies, type Gap, refusalsOf } from './gaps.ts';
import type { Emulator } from './start-emulator.ts';
import type { Variant } from './synthesize-variant.ts';
import {
  type Template,
  type TemplateResource,
  withoutResources,
  withReferencesAsOutputs,
} from './template.ts';

/** A stack that an emulator's CloudFormation has made. */
export interface Deployed {
  readonly stackName: string;
  /** The template as it was sent: without what the emulator refuses. */
  readonly sent: Template;
  /** Logical id → name, URL or ARN, of what was made; what is made otherwise is added. */
  readonly physicalIds: Map<string, string>;
  /**
   * What each reference of the template stands for, by its JSON; more may be added for what is made
   * otherwise.
   */
  readonly references: Map<string, string>;
  /** The outputs of the template itself. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** CloudFormation refused the template, or rolled it back. */
export class StackFailed extends Error {}

/** Puts the functions' code where the template expects it. */
export async function publishAssets({ boto3, name }: Emulator, { assets }: Variant): Promise<void> {
  const { Account } = await boto3.call<{ Account: string }>('sts', 'get_caller_identity');
  const inAccount = (text: string): string =>
    text.replace(/\$\{AWS::AccountId\}/, Account).replace(/\$\{AWS::Region\}/, 'us-east-1');
  for (const Bucket of new Set(assets.map(({ bucket }) => inAccount(bucket)))) {
    await boto3.call('s3', 'create_bucket', { Bucket }).catch(ifThere);
  }
  for (const { bucket, key, files } of assets) {
    const Body = Buffer.from(zipSync(name === 'ministack' ? withScript(files) : { ...files }));
    await boto3.call('s3', 'put_object', { Bucket: inAccount(bucket), Key: key, Body });
  }
  // What `cdk bootstrap` leaves.
  const Name = '/cdk-bootstrap/hnb659fds/version';
  await boto3.call('ssm', 'put_parameter', { Name, Value: '30', Type: 'String', Overwrite: true });
}

function ifThere(error: Boto3Error): void {
  if (!/^BucketAlready(OwnedByYou|Exists)$/.test(error.code)) throw error;
}

/** ministack looks for `index.js` only, where Lambda also takes `index.cjs`. */
function withScript(files: Variant['assets'][number]['files']): Record<string, Uint8Array> {
  return { ...files, 'index.js': Buffer.from("module.exports = require('./index.cjs');\n") };
}

/**
 * Creates the stack, without what the emulator is known to refuse.
 *
 * @param refusals the gaps to work around; default: all of the emulator's
 * @throws StackFailed
 */
export async function deployTemplate(
  emulator: Emulator,
  { template }: Variant,
  stackName: string,
  refusals: readonly Gap[] = refusalsOf(emulator.name),
): Promise<Deployed> {
  const { boto3 } = emulator;
  const judged = Object.values(template.Resources).filter(({ Type }) => Type in CHECKS);
  const sent = withReferencesAsOutputs(withoutGaps(template, refusals), judged);
  try {
    await boto3.call('cloudformation', 'create_stack', {
      StackName: stackName,
      TemplateBody: JSON.stringify(sent),
      Capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
    });
  } catch (error) {
    throw new StackFailed(String(error), { cause: error });
  }
  const outputs = await waitForStack(emulator, stackName);
  const { StackResourceSummaries } = await boto3.call<{
    StackResourceSummaries: { LogicalResourceId: string; PhysicalResourceId: string }[];
  }>('cloudformation', 'list_stack_resources', { StackName: stackName });
  const references = new Map(
    Object.entries(sent.Outputs ?? {})
      .filter(([output]) => output.startsWith('Reference'))
      .map(([output, { Value }]) => [JSON.stringify(Value), outputs.get(output) ?? '']),
  );
  return {
    stackName,
    sent,
    physicalIds: new Map(
      StackResourceSummaries.map(({ LogicalResourceId, PhysicalResourceId }) => [
        LogicalResourceId,
        PhysicalResourceId,
      ]),
    ),
    references,
    outputs: new Map([...outputs].filter(([output]) => !output.startsWith('Reference'))),
  };
}

function withoutGaps(template: Template, refusals: readonly Gap[]): Template {
  const gapOf = (resource: TemplateResource): Gap | undefined =>
    refusals.find((gap) => applies(gap, resource));
  const left = Object.entries(template.Resources).map(([id, resource]) => {
    const instead = gapOf(resource)?.instead;
    return [id, instead === undefined ? resource : inOneRegion(resource, instead)] as const;
  });
  const refused = left.filter(([, resource]) => gapOf(resource) !== undefined).map(([id]) => id);
  return withoutResources({ ...template, Resources: Object.fromEntries(left) }, new Set(refused));
}

/**
 * What a global table's replica says is among the properties of a plain table. It only names the indexes, which
 * the global table describes.
 */
function inOneRegion({ Properties = {}, ...resource }: TemplateResource, Type: string): TemplateResource {
  const { Replicas, ...properties } = Properties as { Replicas?: readonly Record<string, unknown>[] };
  const { Region, GlobalSecondaryIndexes, ...replica } = Replicas?.[0] ?? {};
  return { ...resource, Type, Properties: { ...properties, ...replica } };
}

async function waitForStack(
  { boto3, log }: Emulator,
  stackName: string,
): Promise<ReadonlyMap<string, string>> {
  interface Stack {
    readonly StackStatus: string;
    readonly Outputs?: readonly { OutputKey: string; OutputValue: string }[];
  }
  let stack: Stack | undefined;
  await until(`stack ${stackName} is complete`, async () => {
    const { Stacks } = await boto3.call<{ Stacks: Stack[] }>('cloudformation', 'describe_stacks', {
      StackName: stackName,
    });
    stack = Stacks[0];
    return stack !== undefined && !stack.StackStatus.endsWith('IN_PROGRESS');
  });
  if (stack?.StackStatus !== 'CREATE_COMPLETE') {
    const reasons = log()
      .split('\n')
      .filter((line) => /error|fail/i.test(line));
    throw new StackFailed(`${stackName}: ${stack?.StackStatus}: ${reasons.at(-1)}`);
  }
  return new Map((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}
