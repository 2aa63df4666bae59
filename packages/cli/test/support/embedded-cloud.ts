import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  DEFAULT_PIPELINE_NAMES,
  type EmbeddedAws,
  type EmbeddedClients,
  type PipelineNames,
  provisionPipeline,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import type { JobResult, ObjectInfo, QuarantineReason, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import { sampleResult } from '@org/wordfreq-aws-adapters/testing';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { takeMessages } from '../../../aws-adapters/test/support/take-messages.ts';
import type { CommandContext } from '../../src/command-line/command.ts';
import { type Cloud, cloudOver } from '../../src/pipeline/cloud.ts';
import { resourceNames } from '../../src/pipeline/resource-names.ts';
import { runCommandLine } from '../../src/program.ts';
import { memoryTerminal } from './memory-terminal.ts';

/** A run of the program inside the test's own process. */
export interface CommandRun {
  readonly exitCode: number;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  /** Standard output as one JSON text. */
  readonly json: () => never;
}

/** The embedded services with nothing running on them: a test puts things where the pipeline would. */
interface EmbeddedCloud {
  readonly cloud: Cloud;
  readonly environment: Record<string, string>;
  readonly results: ResultStore;
  readonly resources: Awaited<ReturnType<typeof provisionPipeline>>;
  /** Puts an object where the workers read. */
  put(key: string, body?: string): Promise<ObjectInfo>;
  /** Gives an object an outcome. */
  finish(object: ObjectInfo, change?: Partial<JobResult>): Promise<JobResult>;
  /** Puts a message into a dead-letter queue, as a worker does that gives it up. */
  bury(queueUrl: string, body: string, reason: QuarantineReason): Promise<void>;
  /** Takes all messages of a queue. */
  take(queueUrl: string): Promise<readonly string[]>;
  send(queueUrl: string, body: string): Promise<void>;
  createQueue(name: string): Promise<string>;
  /** Runs the program with arguments; errors reach the caller. */
  run(args: readonly string[], context?: Partial<CommandContext>): Promise<CommandRun>;
}

/**
 * One pair of embedded servers for all tests of a file; each test gets resources of its own there, and the
 * SDK's variables.
 */
export function useEmbeddedCloud(): () => EmbeddedCloud {
  let aws: EmbeddedAws;
  let clients: EmbeddedClients;
  let current: EmbeddedCloud | undefined;
  let serial = 0;
  beforeAll(async () => {
    aws = await startEmbeddedAws();
    clients = createEmbeddedClients(aws);
  });
  afterAll(async () => {
    clients.destroy();
    await aws.stop();
  });
  beforeEach(async () => {
    serial += 1;
    const resources = await provisionPipeline({ aws, names: namesOf(serial) });
    for (const [name, value] of Object.entries(aws.environment)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_PROFILE', undefined);
    const environment = {
      ...aws.environment,
      ...resources.environment,
      UPLOADS_QUEUE_URL: resources.copying?.uploadsQueueUrl ?? '',
    };
    const results = createDynamoResultStore({
      client: clients.dynamodb,
      tableName: resources.resultsTable,
    });
    current = embeddedCloud(
      cloudOver(clients, resourceNames({}, environment)),
      environment,
      results,
      resources,
    );
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  return () => {
    if (current === undefined)
      throw new Error('The embedded services are started before each test, not earlier.');
    return current;
  };
}

/** The names of one test's resources: the default ones, numbered. */
function namesOf(serial: number): Partial<PipelineNames> {
  return Object.fromEntries(
    Object.entries(DEFAULT_PIPELINE_NAMES).map(([what, name]) => [what, `${name}-${serial}`]),
  );
}

function embeddedCloud(
  cloud: Cloud,
  environment: Record<string, string>,
  results: ResultStore,
  resources: EmbeddedCloud['resources'],
): EmbeddedCloud {
  const { sqs } = cloud.clients;
  return {
    cloud,
    environment,
    results,
    resources,
    put: (key, body = 'some words') =>
      cloud.objects.put({ bucket: resources.processingBucket, key }, new TextEncoder().encode(body)),
    async finish({ bucket, key, eTag }, change = {}) {
      const object = { bucket, key, eTag };
      const result = sampleResult({ jobId: `job-${key}-${eTag}`, object, ...change });
      await results.save(result);
      return result;
    },
    async bury(queueUrl, body, reason) {
      const scratch = await sqs.send(new CreateQueueCommand({ QueueName: `scratch-${randomUUID()}` }));
      const scratchUrl = scratch.QueueUrl ?? '';
      await sqs.send(new SendMessageCommand({ QueueUrl: scratchUrl, MessageBody: body }));
      const queue = createSqsJobQueue({
        client: sqs,
        queueUrl: scratchUrl,
        deadLetterQueueUrl: queueUrl,
        clock: systemClock,
      });
      const [message] = await queue.receive({ maxMessages: 1, waitSeconds: 1, visibilitySeconds: 30 });
      if (message === undefined) throw new Error('The message did not arrive.');
      await queue.quarantine(message, reason);
    },
    take: async (queueUrl) => (await takeMessages(sqs, queueUrl)).map(({ Body = '' }) => Body),
    send: async (QueueUrl, MessageBody) =>
      void (await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }))),
    createQueue: async (QueueName) => (await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl ?? '',
    run: (args, context) => runInProcess(args, { environment, ...context }),
  };
}

/** Runs the program as `main.ts` does, with a terminal in memory. */
export async function runInProcess(
  args: readonly string[],
  context: Partial<CommandContext> = {},
): Promise<CommandRun> {
  const terminal = memoryTerminal();
  const whole: CommandContext = {
    terminal,
    signal: new AbortController().signal,
    stdin: (async function* () {})(),
    environment: {},
    version: () => '1.2.3',
    ...context,
  };
  const exitCode = await runCommandLine(args, whole);
  return {
    exitCode,
    lines: terminal.lines,
    notes: terminal.notes,
    json: () => JSON.parse(terminal.lines.join('\n')) as never,
  };
}
