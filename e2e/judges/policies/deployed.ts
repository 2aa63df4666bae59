import {
  type UploadCopy,
  WordFreqPipeline,
  type WordFreqPipelineProps,
  WorkerImage,
} from '@org/wordfreq-constructs';
import type { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { synthesize } from '../../../packages/constructs/test/support/synthesize.ts';
import type { Principal, Statement } from './principal.ts';
import type { Place } from './service-permissions.ts';
import {
  keysOf,
  type ResolvedResource,
  type ResolvedTemplate,
  resolveWhole,
  resourcePoliciesOf,
  statementsOf,
  versionedBucketsOf,
  withQueueUrls,
} from './template.ts';
import type { Variant } from './variants.ts';

/** The account and the region that the embedded servers say they are in. */
export const PLACE: Place = { account: '000000000000', region: 'us-east-1' };

/** Whose policies are judged. */
export type Acting = 'task' | 'copy';

/** A variant of the pipeline, as if it were deployed. */
export interface Deployed {
  readonly name: string;
  readonly template: ResolvedTemplate;
  readonly principals: { readonly task: Principal; readonly copy?: Principal };
  /** The container's variables in the template. */
  readonly environments: { readonly task: Readonly<Record<string, string>> };
  readonly parts: Readonly<Record<Part, ResolvedResource>>;
  /** Absent where uploads are counted in place. */
  readonly copying?: Copying;
}

/** What only copying needs. */
export interface Copying {
  readonly principal: Principal;
  /** The function's variables in the template. */
  readonly environment: Readonly<Record<string, string>>;
  /** The function's code, where the template holds it. */
  readonly inlineCode: string;
  readonly deadLetters: ResolvedResource;
  readonly queue?: ResolvedResource;
}

/** Returns what copying needs. Throws for a variant without copies. */
export function copyingOf({ name, copying }: Deployed): Copying {
  if (copying === undefined) throw new Error(`Expected a variant that copies uploads, got ${name}.`);
  return copying;
}

/** What a run looks into. */
export type Part =
  | 'uploads'
  | 'processing'
  | 'jobs'
  | 'deadLetters'
  | 'results'
  | 'resultTopic'
  | 'failureTopic'
  | 'table'
  | 'task';

/**
 * Synthesizes a variant, and resolves its template for an account in which its resources have names of their
 * own.
 */
export function deploy({ name, props }: Variant): Deployed {
  let pipeline: WordFreqPipeline | undefined;
  const { resources, stack } = synthesize(
    (scope) => {
      pipeline = new WordFreqPipeline(scope, 'WordFreq', {
        image: WorkerImage.fromRegistry('public.ecr.aws/acme/worker:1'),
        ...withInlineCode(props(scope)),
      });
    },
    { env: PLACE },
  );
  if (pipeline === undefined) throw new Error('Expected a pipeline.');
  const { upload, jobs, results, workers, requiredPermissions } = pipeline;
  const template = resolveWhole(resources, PLACE, name);
  const of = (construct: IConstruct | undefined): ResolvedResource =>
    template.get(stack.getLogicalId(construct?.node.defaultChild as CfnElement));
  const parts = {
    uploads: of(pipeline.uploadBucket),
    processing: of(pipeline.processingBucket),
    jobs: of(jobs.queue),
    deadLetters: of(pipeline.deadLetters),
    results: of(results.queue),
    resultTopic: of(results.resultTopic),
    failureTopic: of(results.failureTopic),
    table: of(results.table),
    task: of(workers.taskDefinition),
  };
  const cluster = of(workers.cluster);
  const common = {
    place: PLACE,
    resourcePolicies: resourcePoliciesOf(template),
    keys: keysOf(template),
    versionedBuckets: versionedBucketsOf(template),
  };
  const principalOf = (acting: Acting, role: unknown): Principal => {
    const arn = String(role);
    const own = statementsOf(template, arn);
    const told = requiredPermissions.find(({ purpose }) => purpose === acting)?.statements;
    // A role that was there already has what its administrator was told, for this purpose alone.
    const statements = own.length > 0 ? own : (template.resolve(told) as Statement[]);
    return { ...common, accessKeyId: `${name}.${acting}`, arn, statements };
  };
  const copyingWith = (copies: UploadCopy): Copying => {
    const fn = of(copies.function);
    return {
      principal: principalOf('copy', fn.properties['Role']),
      environment: functionEnvironment(fn),
      inlineCode: String((fn.properties['Code'] as Record<string, unknown>)['ZipFile']),
      deadLetters: of(copies.deadLetters),
      ...(copies.queue === undefined ? {} : { queue: of(copies.queue) }),
    };
  };
  const copying = upload === undefined ? undefined : copyingWith(upload);
  const { region, account } = PLACE;
  const taskArn = `arn:aws:ecs:${region}:${account}:task/${cluster.name}/0123`;
  return {
    name,
    template,
    principals: {
      task: { ...principalOf('task', parts.task.properties['TaskRoleArn']), taskArn },
      ...(copying === undefined ? {} : { copy: copying.principal }),
    },
    environments: { task: containerEnvironment(parts.task) },
    parts,
    ...(copying === undefined ? {} : { copying }),
  };
}

/** Puts the function's code into the template, if there is a function. */
function withInlineCode(props: Partial<WordFreqPipelineProps>): Partial<WordFreqPipelineProps> {
  return props.copyUploads === false ? props : { upload: { code: 'inline' }, ...props };
}

function containerEnvironment({ properties }: ResolvedResource): Record<string, string> {
  const [container] = properties['ContainerDefinitions'] as {
    Environment: { Name: string; Value: string }[];
  }[];
  return Object.fromEntries((container?.Environment ?? []).map(({ Name, Value }) => [Name, Value]));
}

function functionEnvironment({ properties }: ResolvedResource): Record<string, string> {
  const { Variables } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
  return { ...Variables };
}

/** An environment from a template, for a process that reaches AWS at `endpoint`, as one principal. */
export function environmentFor(
  { accessKeyId }: Pick<Principal, 'accessKeyId'>,
  environment: Readonly<Record<string, string>>,
  endpoint: string,
): Record<string, string> {
  const reached = Object.entries(environment).map(([name, value]) => [name, withQueueUrls(value, endpoint)]);
  return {
    ...Object.fromEntries(reached),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: PLACE.region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    S3_FORCE_PATH_STYLE: 'true',
  };
}

/** What a resource is called for people: where it is in the pipeline. */
export function labelOf(arn: string, { template }: Deployed): string {
  const named = template.resources.filter(({ name }) => arn.includes(name));
  const [longest] = named.sort((a, b) => b.name.length - a.name.length);
  if (longest === undefined) return arn;
  const label = longest.logicalId.replace(/[\dA-F]{8}$/, '');
  return `${label}${/[/*].*$/.exec(arn.slice(arn.indexOf(longest.name) + longest.name.length))?.[0] ?? ''}`;
}
