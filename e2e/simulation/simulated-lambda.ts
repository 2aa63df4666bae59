import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import { createMemoryDeadLetterSender } from '@org/wordfreq-aws-adapters/memory';
import type { DeadLetterSender, QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { SQSEvent } from 'aws-lambda';
import { type CopyFunction, handleEvent } from '../../packages/copy-lambda/src/handle-event.ts';
import { type Cloud, MAX_UPLOAD_RECEIVES, PROCESSING, UPLOADING } from './cloud.ts';
import type { Chance } from './faults.ts';
import { createNetwork, type FaultPlan } from './network.ts';

/** Lambda hides messages for six times the function's timeout, as AWS recommends. */
const VISIBILITY_SECONDS = 30;
const TIMEOUT_MS = 5000;
const BATCH = 5;

/** Lambda's event source mapping, and the copy function that it invokes. */
interface SimulatedLambda {
  stop(): void;
}

/**
 * Starts to invoke the copy function with batches of upload events. Messages that it reports as failed are
 * delivered again, the others deleted.
 */
export function startSimulatedLambda(cloud: Cloud, plan: FaultPlan, chance: Chance): SimulatedLambda {
  const stopping = new AbortController();
  void (async () => {
    while (!stopping.signal.aborted) {
      const messages = await cloud.uploads.receive({
        maxMessages: BATCH,
        waitSeconds: 20,
        visibilitySeconds: VISIBILITY_SECONDS,
        signal: stopping.signal,
      });
      if (messages.length > 0) await invoke(messages, cloud, plan, chance);
    }
  })();
  return { stop: () => stopping.abort() };
}

/**
 * Runs the function as its handler does, until it returns, is killed, or its time is up: then the whole batch
 * is delivered again.
 */
async function invoke(
  messages: readonly QueueMessage[],
  cloud: Cloud,
  plan: FaultPlan,
  chance: Chance,
): Promise<void> {
  let alive = true;
  const killed = plan.active && chance.strikes('lambda-killed', 0.1);
  const over = new AbortController();
  const ended = cloud.clock.sleep(killed ? chance.upTo(1000) : TIMEOUT_MS, over.signal).then(() => undefined);
  const app = copyFunction(cloud, plan, chance, () => alive);
  const response = await Promise.race([ended, handleEvent(toEvent(messages), app)]);
  over.abort();
  alive = false;
  if (response === undefined) {
    for (const { body, receiveCount } of messages)
      if (receiveCount >= MAX_UPLOAD_RECEIVES) cloud.inexplicable.add(body);
    return;
  }
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const done = messages.filter(({ id }) => !failed.has(id));
  if (done.length > 0 && failed.size > 0) chance.count('batch-partly-failed');
  for (const { receipt } of done) cloud.uploads.delete(receipt);
}

function copyFunction(cloud: Cloud, plan: FaultPlan, chance: Chance, alive: () => boolean): CopyFunction {
  const network = createNetwork(cloud.clock, plan, chance, alive);
  const sender = network.through(
    createMemoryDeadLetterSender({ queue: cloud.deadUploads, clock: cloud.clock }),
  );
  const deadLetters: DeadLetterSender = {
    async send(message, reason) {
      await sender.send(message, reason).catch((error: unknown) => {
        if (message.receiveCount >= MAX_UPLOAD_RECEIVES) cloud.inexplicable.add(message.body);
        throw error;
      });
    },
  };
  return {
    logger: {
      info: () => undefined,
      error: (...line) => {
        if (JSON.stringify(line).includes('quarantined:attempts-exhausted')) chance.count('upload-given-up');
      },
    },
    metrics: { addMetric: () => undefined as never },
    dependencies: {
      parse: parseAnnouncement,
      objects: network.reader(cloud.objects),
      deadLetters,
      maxReceives: MAX_UPLOAD_RECEIVES,
      policy: {
        destinationBucket: PROCESSING,
        allowedBuckets: new Set([UPLOADING]),
        keyPrefix: '',
        keySuffix: '.txt',
      },
    },
  };
}

function toEvent(messages: readonly QueueMessage[]): SQSEvent {
  const records = messages.map(({ id, body, receipt, receiveCount }) => ({
    messageId: id,
    body,
    receiptHandle: receipt,
    attributes: { ApproximateReceiveCount: String(receiveCount) },
    messageAttributes: {},
    eventSource: 'aws:sqs',
  }));
  return { Records: records as unknown as SQSEvent['Records'] };
}
