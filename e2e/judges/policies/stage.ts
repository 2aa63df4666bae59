import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { createDynamoResultStore } from '@org/wordfreq-aws-adapters/dynamodb';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  type EmbeddedClients,
  startEmbeddedAws,
} from '@org/wordfreq-aws-adapters/local';
import type { ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { messagesIn } from '@org/wordfreq-aws-adapters/rules';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { createSqsJobQueue } from '@org/wordfreq-aws-adapters/sqs';
import { runWorkerProcess, type WorkerRun } from '../../../packages/worker/test/support/worker-process.ts';
import { until } from '../../support/until.ts';
import { announceObjects } from './announce-objects.ts';
import { type CopyFunction, startCopyFunction } from './copy-function.ts';
import { type Deployed, deploy, environmentFor, type Part, PLACE } from './deployed.ts';
import { embedTemplate } from './embed-template.ts';
import { type PolicyProxy, startPolicyProxy } from './policy-proxy.ts';
import { withQueueUrls } from './template.ts';
import type { Variant } from './variants.ts';

/** The servers that all variants share, and the proxy that enforces the policies of its callers. */
export interface Servers {
  readonly aws: EmbeddedAws;
  readonly proxy: PolicyProxy;
  /** Clients that may do everything, because they call the servers directly. */
  readonly clients: EmbeddedClients;
  stop(): Promise<void>;
}

/** Starts the embedded servers and the proxy. */
export async function startServers(): Promise<Servers> {
  const aws = await startEmbeddedAws({ region: PLACE.region });
  const proxy = await startPolicyProxy(aws.endpoints);
  const clients = createEmbeddedClients(aws);
  return {
    aws,
    proxy,
    clients,
    async stop() {
      clients.destroy();
      await proxy.stop();
      await aws.stop();
    },
  };
}

/** A variant that runs: a worker and a copy Lambda, each with the permissions of its role. */
export interface Stage {
  readonly deployed: Deployed;
  readonly worker: WorkerRun;
  /** Absent where uploads are counted in place. */
  readonly copying: CopyFunction | undefined;
  readonly results: ResultStore;
  upload(key: string, body: string | Uint8Array): Promise<void>;
  /** Puts a message into a queue. */
  send(part: Part | CopyingQueue, body: string): Promise<void>;
  /** Takes all messages of a queue. */
  take(
    part: Part | 'mailbox' | 'uploads dead letters',
  ): Promise<{ readonly body: string; readonly reason: string | undefined }[]>;
  records(): Promise<StoredResult[]>;
  /** Resolves when each of these keys has an outcome. */
  hasOutcomes(keys: readonly string[]): Promise<void>;
  /** Resolves when no job waits or is in flight. */
  drained(): Promise<void>;
  /** Deletes the objects that hold words of results; returns whether there are any. */
  loseSpilledWords(): Promise<boolean>;
  /** Stops the worker, and what is around it. */
  stop(): Promise<void>;
}

/** The queues that only copying needs. */
type CopyingQueue = 'uploads queue' | 'uploads dead letters';

/** Nothing here takes longer, however busy the machine is. */
const PATIENCE_MS = 60_000;

/** Deploys a variant and starts it. */
export async function stageVariant(
  variant: Variant,
  { aws, proxy, clients }: Servers,
  prepared: Deployed = deploy(variant),
): Promise<Stage> {
  const { template, principals, environments, parts, name } = prepared;
  await embedTemplate(template, clients);
  const mailboxUrl = await subscribeMailbox(prepared, clients);
  for (const principal of Object.values(principals)) proxy.admit(principal);
  // Where no asset can be stored, the function is part of the template.
  const copying =
    prepared.copying === undefined
      ? undefined
      : startCopyFunction(prepared.copying, proxy.url, name === 'existing-roles');
  const announcing = announceObjects(template, aws, clients, copying?.invoke);
  const worker = runWorkerProcess({
    ...environmentFor(principals.task, environments.task, proxy.url),
    ...ofThisMachine(principals.task.accessKeyId, proxy.url),
    ...variant.worker,
  });
  const results = createDynamoResultStore({
    client: clients.dynamodb,
    tableName: parts.table.ref,
    spill: { store: createS3ObjectStore({ client: clients.s3, clock: systemClock }), bucket: '' },
  });
  const urlOf = (part: Part | CopyingQueue | 'mailbox'): string => {
    if (part === 'mailbox') return mailboxUrl;
    const { queue, deadLetters } = prepared.copying ?? {};
    const own = { 'uploads queue': queue, 'uploads dead letters': deadLetters, ...parts }[part];
    if (own === undefined) throw new Error(`Expected a variant with ${part}, got ${name}.`);
    return withQueueUrls(own.ref, aws.endpoints.sqs);
  };
  const records = async (): Promise<StoredResult[]> => {
    const found: StoredResult[] = [];
    for await (const record of results.list()) found.push(record);
    return found;
  };
  const jobs = createSqsJobQueue({
    client: clients.sqs,
    queueUrl: urlOf('jobs'),
    deadLetterQueueUrl: urlOf('deadLetters'),
    clock: systemClock,
  });
  return {
    deployed: prepared,
    worker,
    copying,
    results,
    upload: async (Key, Body) =>
      void (await clients.s3.send(
        new PutObjectCommand({
          Bucket: parts.uploads.ref,
          Key,
          Body: Buffer.from(Body),
          ContentType: 'text/plain',
        }),
      )),
    send: async (part, MessageBody) =>
      void (await clients.sqs.send(new SendMessageCommand({ QueueUrl: urlOf(part), MessageBody }))),
    take: (part) => takeAll(clients, urlOf(part)),
    records,
    async hasOutcomes(keys) {
      let missing = keys;
      const patience = until(
        `${keys} of ${name} have outcomes`,
        async () => {
          const found = new Set((await records()).map(({ object }) => object.key));
          missing = keys.filter((key) => !found.has(key));
          return missing.length === 0;
        },
        PATIENCE_MS,
      );
      await patience.catch((cause: unknown) => {
        const said = `the copy Lambda said ${copying?.lines.slice(-5)}; the worker said ${JSON.stringify(worker.lines.slice(-20))} ${worker.stderr()}`;
        throw new Error(`${name}: no outcome of ${missing}; ${said}`, { cause });
      });
    },
    async loseSpilledWords() {
      const Bucket = environments.task['SPILL_BUCKET'];
      if (Bucket === undefined) return false;
      const { Contents = [] } = await clients.s3.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key } of Contents) await clients.s3.send(new DeleteObjectCommand({ Bucket, Key }));
      return Contents.length > 0;
    },
    drained: () =>
      until(`the jobs of ${name} are done`, async () => messagesIn(await jobs.depth()) === 0, PATIENCE_MS),
    async stop() {
      await copying?.stop();
      await announcing.stop();
      worker.child.kill('SIGTERM');
      await worker.ended;
    },
  };
}

/**
 * What differs on this machine: the worker's port, an ECS agent behind the proxy, and no load balancer that
 * says who people are.
 */
function ofThisMachine(task: string, endpoint: string): Record<string, string> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    PAGE_LOAD_BALANCER_ARN: '',
    // The lease of a job that takes seconds has to be extended.
    VISIBILITY_SECONDS: '3',
    ECS_AGENT_URI: `http://169.254.170.2/api/${task}`,
    NODE_USE_ENV_PROXY: '1',
    HTTP_PROXY: endpoint,
    NO_PROXY: '127.0.0.1',
  };
}

/** A queue in place of the subscribers by e-mail. */
async function subscribeMailbox({ name, parts }: Deployed, { sqs, sns }: EmbeddedClients): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-mailbox` }));
  const Endpoint = `arn:aws:sqs:${PLACE.region}:${PLACE.account}:${name}-mailbox`;
  for (const { ref: TopicArn } of [parts.resultTopic, parts.failureTopic]) {
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  }
  return QueueUrl;
}

async function takeAll(
  { sqs }: EmbeddedClients,
  QueueUrl: string,
): Promise<{ body: string; reason: string | undefined }[]> {
  const taken: { body: string; reason: string | undefined }[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return taken;
    taken.push(
      ...Messages.map(({ Body = '', MessageAttributes = {} }) => ({
        body: Body,
        reason: MessageAttributes['reasonCode']?.StringValue,
      })),
    );
  }
}
