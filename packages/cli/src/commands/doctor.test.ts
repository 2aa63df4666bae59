import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { createTableInput } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type PipelineResources,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { OLDEST_NODE } from '../builtin-modules.ts';
import { checkVersions } from '../doctor/check-environment.ts';
import { type DoctorOptions, examine, runDoctor } from './doctor.ts';

let aws: EmbeddedAws;
let resources: PipelineResources;
beforeAll(async () => {
  aws = await startEmbeddedAws();
  resources = await provisionPipeline({ aws });
});
afterAll(() => aws.stop());

// The SDK reads the environment of the process itself.
beforeEach(() => {
  for (const name of ['AWS_PROFILE', 'AWS_ENDPOINT_URL', 'AWS_SESSION_TOKEN']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  vi.stubEnv('AWS_CONFIG_FILE', '/nowhere');
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/nowhere');
  vi.stubEnv('AWS_REGION', 'us-east-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIALOCAL1234');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', aws.endpoints.dynamodb);
  for (const service of ['S3', 'SQS', 'SNS']) vi.stubEnv(`AWS_ENDPOINT_URL_${service}`, aws.endpoints.s3);
  vi.stubEnv('S3_FORCE_PATH_STYLE', 'true');
});
afterEach(() => vi.unstubAllEnvs());

const NONE: DoctorOptions = { json: false, region: undefined, endpointUrl: undefined, profile: undefined };

async function findings(
  options: Partial<DoctorOptions> = {},
): Promise<ReadonlyMap<string, { status: string; detail: string; hint?: string }>> {
  const found = await examine(
    { ...NONE, ...options },
    { environment: { ...process.env, ...resources.environment }, version: () => '1.2.3' },
  );
  return new Map(found.map(({ check, ...rest }) => [check, rest]));
}

describe(runDoctor, () => {
  it('finds no problem with a whole pipeline, and ends with 0', async () => {
    const terminal = memoryTerminal();
    terminal.in('json');
    const environment = {
      ...process.env,
      ...resources.environment,
      UPLOADS_QUEUE_URL: resources.copying?.uploadsQueueUrl ?? '',
      UPLOADS_DEAD_LETTER_QUEUE_URL: resources.deadLettersQueueUrl,
    };
    const context = {
      terminal: terminal.in('json'),
      signal: new AbortController().signal,
      stdin: never(),
      environment,
      version: () => '1.2.3',
    };
    expect(await runDoctor({ ...NONE, json: true }, context)).toBe(0);
    const report = JSON.parse(terminal.lines.join('\n'));
    expect(report.ok).toBe(true);
    expect(report.findings.map(({ status }: { status: string }) => status)).toEqual(Array(19).fill('ok'));
  });

  it('says which endpoint does not answer, and does not ask it for parts', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_SQS', 'http://127.0.0.1:1');
    const found = await findings();
    expect(found.get('SQS')).toEqual({
      status: 'problem',
      detail: 'nothing answers at http://127.0.0.1:1 (ECONNREFUSED)',
      hint: expect.stringContaining('AWS_ENDPOINT_URL_SQS'),
    });
    expect(found.get('jobs queue')).toMatchObject({ status: 'not-checked', detail: 'needs SQS first' });
    expect(found.get('results table')).toMatchObject({ status: 'ok' });
  });

  it('says what does not exist', async () => {
    const found = await findings({
      jobsQueueUrl: `${aws.endpoints.sqs}/000000000000/nope`,
      resultsTable: 'nope',
      processingBucket: 'nope-bucket',
      failuresTopicArn: 'arn:aws:sns:us-east-1:000000000000:nope',
    });
    for (const [part, variable] of [
      ['jobs queue', 'JOBS_QUEUE_URL'],
      ['results table', 'RESULTS_TABLE'],
      ['processing bucket', 'PROCESSING_BUCKET'],
      ['failures topic', 'FAILURES_TOPIC_ARN'],
    ] as const) {
      expect(found.get(part)).toMatchObject({
        status: 'problem',
        detail: expect.stringMatching(/: it does not exist$/),
        hint: expect.stringContaining(variable),
      });
    }
    expect(found.get('results table')?.hint).toContain('wordfreq create-table');
  });

  it('says that a table has another key', async () => {
    const { dynamodb, destroy } = createEmbeddedClients(aws);
    await dynamodb.send(
      new CreateTableCommand({
        TableName: 'other-table',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    destroy();
    expect((await findings({ resultsTable: 'other-table' })).get('results table')).toMatchObject({
      status: 'problem',
      detail: 'other-table: its key is id (HASH), expected object (HASH), version (RANGE)',
    });
  });

  it('says that a table has no index, and how to add it', async () => {
    const { dynamodb, destroy } = createEmbeddedClients(aws);
    const { GlobalSecondaryIndexes: _, AttributeDefinitions = [], ...rest } = createTableInput('old-table');
    await dynamodb.send(
      new CreateTableCommand({ ...rest, AttributeDefinitions: AttributeDefinitions.slice(0, 2) }),
    );
    destroy();
    expect((await findings({ resultsTable: 'old-table' })).get('results table')).toMatchObject({
      status: 'problem',
      detail: 'old-table: it has no index of the newest results, which the page, results and watch read',
      hint: expect.stringContaining('wordfreq create-table'),
    });
  });

  it('says that there are no credentials, and ends with 1', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    const found = await findings();
    expect(found.get('credentials')).toMatchObject({
      status: 'problem',
      hint: expect.stringContaining('--profile'),
    });
    expect(found.get('jobs queue')).toMatchObject({
      status: 'not-checked',
      detail: 'needs credentials first',
    });
    const terminal = memoryTerminal();
    const context = {
      terminal,
      signal: new AbortController().signal,
      stdin: never(),
      environment: {},
      version: () => '1.2.3',
    };
    expect(await runDoctor(NONE, context)).toBe(1);
    expect(terminal.lines.at(-1)).toMatch(/to fix\.$/);
    for (const line of terminal.lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('says that there is no region', async () => {
    vi.stubEnv('AWS_REGION', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', undefined);
    const found = await findings();
    expect(found.get('region')).toMatchObject({
      status: 'problem',
      hint: 'Give --region or set AWS_REGION, such as eu-central-1.',
    });
    expect(found.get('jobs queue')).toMatchObject({ status: 'not-checked', detail: 'needs region first' });
  });

  it('shows no more of a key than its end', async () => {
    expect((await findings()).get('credentials')?.detail).toBe('long-lived, access key …1234');
  });
});

describe(checkVersions, () => {
  it('knows the oldest Node that the manifest allows', () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
    expect(manifest.engines.node).toBe(`>=${OLDEST_NODE}`);
  });

  it.each([
    ['22.12.0', 'problem'],
    ['22.13.0', 'ok'],
    ['20.20.0', 'problem'],
    ['26.0.0', 'ok'],
  ])('finds Node %s to be %s', (node, status) => {
    expect(checkVersions('1.2.3', node)[0]?.status).toBe(status);
  });
});

async function* never(): AsyncIterable<Uint8Array> {}
