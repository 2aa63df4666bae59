import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '@org/wordfreq-worker';
import { Duration } from 'aws-cdk-lib';
import { Peer } from 'aws-cdk-lib/aws-ec2';
import { ListenerCertificate } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
// Not exported by the package: only this test needs to know what the Lambda reads.
import { readCopyConfig } from '../../copy-lambda/src/config.ts';
import {
  type CountingOptions,
  ExistingRoles,
  type PageLoadBalancerOptions,
  type QueueWorkerOptions,
  type RequiredPermissions,
  type RolePurpose,
  WordFreqPipeline,
  type WordFreqPipelineProps,
  WorkerImage,
} from '../src/index.ts';
import { signIn } from './support/sign-in.ts';
import { synthesize, type TemplateResource } from './support/synthesize.ts';

const PACKAGES = resolve(import.meta.dirname, '../..');

/** The environment variables that either form of the copy Lambda reads. */
const variablesOf = (file: string): string[] =>
  readFileSync(resolve(PACKAGES, file), 'utf8').match(/\b[A-Z][A-Z\d]*(_[A-Z\d]+)+\b/g) ?? [];
const inline = new Set(variablesOf('constructs/lambdas/copy-upload.js'));
const COPY_VARIABLES = new Set(variablesOf('copy-lambda/src/config.ts').filter((name) => inline.has(name)));

interface Container {
  readonly Environment: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Deployed {
  readonly environments: ReadonlyMap<string, Record<string, string>>;
  readonly permissions: readonly RequiredPermissions[];
}

/** The environments and permissions that a deployment would set. */
function deploy(props: (scope: Bucket) => Partial<WordFreqPipelineProps>): Deployed {
  let permissions: readonly RequiredPermissions[] = [];
  const { resources } = synthesize((stack) => {
    const image = WorkerImage.fromRegistry('123456789012.dkr.ecr.eu-central-1.amazonaws.com/worker:1');
    const spill = new Bucket(stack, 'Spill');
    const pipeline = new WordFreqPipeline(stack, 'WordFreq', {
      image,
      upload: { code: 'inline' },
      ...props(spill),
    });
    permissions = pipeline.requiredPermissions;
  });
  const environments = [...resources].flatMap(
    ([id, { Type, Properties }]): [string, Record<string, string>][] => {
      if (Type === 'AWS::Lambda::Function') {
        const { Variables = {} } = (Properties?.['Environment'] ?? {}) as {
          Variables?: Record<string, unknown>;
        };
        return [[id, asDeployed(Variables, resources)]];
      }
      if (Type !== 'AWS::ECS::TaskDefinition') return [];
      const { ContainerDefinitions: containers = [] } = Properties as { ContainerDefinitions?: Container[] };
      const entries = (containers[0]?.Environment ?? []).map(({ Name, Value }) => [Name, Value]);
      return [[id, asDeployed(Object.fromEntries(entries), resources)]];
    },
  );
  return { environments: new Map(environments), permissions };
}

type Reference = { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly [string, string] };

/** What CloudFormation returns for `Ref` and for `Fn::GetAtt … Arn`, by resource type. */
const REFERRED: Readonly<Record<string, readonly [ref: string, arn: string]>> = {
  'AWS::SQS::Queue': [
    'https://sqs.eu-central-1.amazonaws.com/123456789012/queue',
    'arn:aws:sqs:eu-central-1:123456789012:queue',
  ],
  'AWS::SNS::Topic': ['arn:aws:sns:eu-central-1:123456789012:topic', ''],
  'AWS::S3::Bucket': ['a-bucket', 'arn:aws:s3:::a-bucket'],
  'AWS::DynamoDB::GlobalTable': ['a-table', 'arn:aws:dynamodb:eu-central-1:123456789012:table/a-table'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': [
    'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/page/0123',
    '',
  ],
};

/** The variables as the program would see them. */
function asDeployed(
  variables: Record<string, unknown>,
  resources: ReadonlyMap<string, TemplateResource>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      const { Ref: ref, 'Fn::GetAtt': [id, attribute] = [] } = value as Reference;
      const [plain, arn] = REFERRED[resources.get(ref ?? id ?? '')?.Type ?? ''] ?? [];
      const deployed = ref === undefined && attribute === 'Arn' ? arn : plain;
      if (deployed === undefined)
        throw new Error(`Expected a reference in ${name}, got ${JSON.stringify(value)}.`);
      return [name, deployed];
    }),
  );
}

function environmentOf({ environments }: Deployed, part: string): Record<string, string> {
  const [, found] = [...environments].find(([id]) => id.includes(part)) ?? [];
  if (found === undefined) throw new Error(`Expected an environment of ${part}.`);
  return found;
}

/** The AWS SDK calls that a program contains after tree shaking: `dynamodb:Scan` and so on. */
async function callsOf(program: string): Promise<Set<string>> {
  const { metafile } = await build({
    entryPoints: [resolve(PACKAGES, program)],
    outdir: '/nowhere',
    write: false,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    conditions: ['@org/source', 'module'],
    mainFields: ['module', 'main'],
    metafile: true,
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const calls = inputs.flatMap(([file, { bytesInOutput }]) => {
    const [, service, command] = /client-(\w+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(file) ?? [];
    return bytesInOutput > 0 && service !== undefined ? [`${service}:${command}`] : [];
  });
  return new Set(calls);
}

/**
 * Calls that IAM knows by other names ("Actions, resources, and condition keys for Amazon S3"), or that take
 * no permission.
 */
const ACTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['s3:HeadObject', ['s3:GetObject']],
  ['s3:CopyObject', ['s3:GetObject', 's3:PutObject']],
  ['s3:CreateMultipartUpload', ['s3:PutObject']],
  ['s3:UploadPart', ['s3:PutObject']],
  ['s3:UploadPartCopy', ['s3:GetObject', 's3:PutObject']],
  ['s3:CompleteMultipartUpload', ['s3:PutObject']],
  ['s3:ListObjectsV2', ['s3:ListBucket']],
  ['sqs:SendMessageBatch', ['sqs:SendMessage']],
  ['sqs:DeleteMessageBatch', ['sqs:DeleteMessage']],
  ['sqs:ChangeMessageVisibilityBatch', ['sqs:ChangeMessageVisibility']],
  // The clients ask for these themselves: for directory buckets, and for endpoint discovery, which is off.
  ['s3:CreateSession', []],
  ['dynamodb:DescribeEndpoints', []],
]);

function missingFor(calls: ReadonlySet<string>, { permissions }: Deployed, purpose: RolePurpose): string[] {
  const statements = permissions
    .filter((role) => role.purpose === purpose)
    .flatMap((role) => role.statements);
  const allowed = new Set(
    statements.flatMap((statement) => (statement as { Action: string | string[] }).Action),
  );
  return [...calls]
    .flatMap((call) => ACTIONS.get(call) ?? [call])
    .filter((action) => !allowed.has(action))
    .sort();
}

describe('what the constructs pass to the applications', () => {
  it.each<[string, QueueWorkerOptions]>([
    ['by default', {}],
    ['with settings', { scaling: { concurrency: 8 }, environment: { TOP_WORDS: '10' } }],
  ])('is an environment that the worker takes: %s', (_, worker) => {
    const config = readConfig(
      environmentOf(
        deploy(() => ({ worker })),
        'Worker',
      ),
    );
    expect(config).toMatchObject({
      CONCURRENCY: worker.scaling?.concurrency ?? 32,
      STOP_TIMEOUT_SECONDS: 120,
      PORT: 8080,
      HOST: '127.0.0.1',
      PAGE: 'false',
    });
  });

  it('sets the digest interval', () => {
    const deployed = deploy(() => ({ notify: 'digest', digestInterval: Duration.hours(4) }));
    expect(readConfig(environmentOf(deployed, 'Worker'))).toMatchObject({
      NOTIFY: 'digest',
      DIGEST_MINUTES: 240,
    });
    expect(() => deploy(() => ({ digestInterval: Duration.hours(4) }))).toThrow("Expected notify: 'digest'");
  });

  it('passes on the rules for words, and lets the worker read a list of words', () => {
    const counting = (scope: Bucket): CountingOptions => ({
      ...{ normalize: 'NFC', fold: 'loose', caseLocale: 'tr', encoding: 'gb18030' },
      wordList: { bucket: Bucket.fromBucketName(scope, 'Lists', 'lists'), key: 'names/my words.txt.gz' },
    });
    const deployed = deploy((scope) => ({ counting: counting(scope) }));
    expect(readConfig(environmentOf(deployed, 'Worker'))).toMatchObject({
      ...{ NORMALIZE: 'NFC', FOLD: 'loose', CASE_LOCALE: 'tr', ENCODING: 'gb18030', CJK: 'word' },
      WORDS_FILE: 's3://lists/names/my words.txt.gz',
    });
    expect(JSON.stringify(deployed.permissions)).toContain(':s3:::lists/names/my words.txt.gz');
    const each = deploy(() => ({ counting: { cjk: 'character', tokenizer: 'unicode', dehyphenate: true } }));
    expect(readConfig(environmentOf(each, 'Worker'))).toMatchObject({
      CJK: 'character',
      DEHYPHENATE: 'true',
      TOKENIZER: 'unicode',
    });
    expect(() => deploy(() => ({ counting: { tokenizer: 'whitespace', cjk: 'character' } }))).toThrow(
      "Expected tokenizer: 'unicode'",
    );
  });

  it('serves the page on an address that the load balancer can reach', () => {
    const config = readConfig(
      environmentOf(
        deploy(() => ({ page: {} })),
        'Worker',
      ),
    );
    expect(config).toMatchObject({ HOST: '0.0.0.0', PAGE: 'true' });
  });

  const certificate = ListenerCertificate.fromArn('arn:aws:acm:eu-central-1:123456789012:certificate/1');
  const pages = new Map<string, PageLoadBalancerOptions | undefined>([
    ['no page', undefined],
    ['a page', {}],
    [
      'a page with redrive',
      { certificate, signIn, allowActions: true, internetFacing: true, allowFrom: [Peer.anyIpv4()] },
    ],
  ]);
  const variants = (['default', 'existing'] as const).flatMap((roleMode) =>
    (['public', 'nat', 'isolated'] as const).flatMap((mode) =>
      (['queue', 'notification', 'eventbridge'] as const).flatMap((trigger) =>
        [...pages.keys()].map((page) => ({ roleMode, mode, trigger, page })),
      ),
    ),
  );

  it.each(variants.filter(({ mode, page }) => mode !== 'isolated' || page !== 'a page with redrive'))(
    'is an environment that both programs take, of no variable that they do not know: $roleMode roles, $mode network, $trigger, $page',
    ({ roleMode, mode, trigger, page: shown }) => {
      const page = pages.get(shown);
      const deployed = deploy((spillBucket) => ({
        network: { mode },
        upload: { trigger, code: 'inline', prefix: 'in/' },
        results: { spillBucket },
        notify: 'digest',
        digestInterval: Duration.hours(4),
        ...(roleMode === 'existing' ? { roles: ExistingRoles.fromName(spillBucket, 'LabRole') } : {}),
        ...(page === undefined ? {} : { page }),
      }));
      const environment = environmentOf(deployed, 'Worker');
      const config = readConfig(environment);
      expect(Object.keys(environment).filter((name) => !Object.hasOwn(config, name))).toEqual([]);
      expect(config).toMatchObject({
        PAGE: String(page !== undefined),
        PAGE_ACTIONS: String(page?.allowActions === true),
        SPILL_BUCKET: 'a-bucket',
        RESULTS_TABLE: 'a-table',
      });
      const copying = environmentOf(deployed, 'UploadFunction');
      expect(readCopyConfig(copying).policy).toMatchObject({
        destinationBucket: 'a-bucket',
        keyPrefix: 'in/',
      });
      expect(Object.keys(copying).filter((name) => !COPY_VARIABLES.has(name))).toEqual([]);
    },
  );

  it('lets the worker make every call that it contains', async () => {
    const calls = await callsOf('worker/src/main.ts');
    expect(calls).toContain('dynamodb:PutItem');
    const everything = deploy((spillBucket) => ({ page: {}, notify: 'digest', results: { spillBucket } }));
    // Of the same store, but only copies and the CLI ask for them.
    for (const call of ['s3:GetObjectTagging', 's3:PutObjectTagging', 's3:ListObjectVersions'])
      calls.delete(call);
    expect(missingFor(calls, everything, 'task')).toEqual([]);
    // The test can fail: without a page nothing of the page may be read.
    expect(
      missingFor(
        calls,
        deploy(() => ({})),
        'task',
      ),
    ).toEqual(expect.arrayContaining(['dynamodb:Scan']));
  });

  it('lets the copy Lambda make every call that it contains', async () => {
    const calls = await callsOf('copy-lambda/src/handler.ts');
    expect(calls).toContain('s3:CopyObject');
    expect(
      missingFor(
        calls,
        deploy(() => ({})),
        'copy',
      ),
    ).toEqual([]);
  });
});
