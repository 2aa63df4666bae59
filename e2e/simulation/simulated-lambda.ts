import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import { copyAnnouncedUploads } from '@org/wordfreq-copy-lambda';
import { type Cloud, PROCESSING, UPLOADING } from './cloud.ts';
import type { Chance } from './faults.ts';
import { createNetwork, type Weather } from './network.ts';

/** Lambda keeps messages for six times the function's timeout, as AWS recommends. */
const VISIBILITY_SECONDS = 180;
const BATCH = 5;

/** Lambda's event source mapping with the copy function behind it. */
export interface SimulatedLambda {
  stop(): void;
}

/** Starts to hand batches of upload events to the copy function; what a batch could not copy comes back, the rest is deleted. */
export function startSimulatedLambda(cloud: Cloud, weather: Weather, chance: Chance): SimulatedLambda {
  const stopping = new AbortController();
  void (async () => {
    while (!stopping.signal.aborted) {
      const messages = await cloud.uploads.receive({
        maxMessages: BATCH,
        waitSeconds: 20,
        visibilitySeconds: VISIBILITY_SECONDS,
        signal: stopping.signal,
      });
      if (messages.length > 0) await invoke(messages, cloud, weather, chance);
    }
  })();
  return { stop: () => stopping.abort() };
}

async function invoke(
  messages: readonly QueueMessage[],
  cloud: Cloud,
  weather: Weather,
  chance: Chance,
): Promise<void> {
  // The function's time is up, or its machine is gone: no answer, so the whole batch comes back.
  const killed = weather.stormy && chance.strikes('lambda-killed', 0.1);
  const diesAt = Math.floor(chance.upTo(messages.length));
  const network = createNetwork(cloud.clock, weather, chance, () => true);
  const dependencies = {
    parse: parseAnnouncement,
    objects: network.reader(cloud.objects),
    policy: {
      destinationBucket: PROCESSING,
      allowedBuckets: new Set([UPLOADING]),
      keyPrefix: '',
      keySuffix: '.txt',
    },
  };
  const done: QueueMessage[] = [];
  for (const [index, message] of messages.entries()) {
    if (killed && index === diesAt) return;
    try {
      await copyAnnouncedUploads(message.body, dependencies);
      done.push(message);
    } catch {
      // Reported as failed, and so not deleted.
    }
  }
  if (done.length > 0 && done.length < messages.length) chance.count('batch-partly-failed');
  for (const { receipt } of done) cloud.uploads.delete(receipt);
}
