import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { systemClock } from '../clock/index.ts';
import { s3EventFor } from '../events/index.ts';
import type { Clock, ObjectSummary } from '../ports/index.ts';
import { isTextKey } from '../rules/index.ts';
import { createEmbeddedClients, type EmbeddedAws, type EmbeddedClients } from './embedded-aws.ts';
import type { ObservedObject } from './fauxqs.ts';
import type { PipelineResources } from './pipeline-resources.ts';

/** Options of {@link startS3EventBridge}. */
export interface S3EventBridgeOptions {
  /** The embedded services. */
  readonly aws: EmbeddedAws;
  /** The buckets whose objects are announced, and where. */
  readonly resources: Pick<
    PipelineResources,
    'uploadingBucket' | 'processingBucket' | 'jobsQueueUrl' | 'copying'
  >;
  /**
   * Only keys that end with this, optionally followed by `.gz` or `.zst`, are announced, like with the
   * filters of bucket notifications. Default: `.txt`.
   */
  readonly suffix?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Called when an event could not be delivered after several attempts. Default: nothing is called. */
  readonly onError?: (error: unknown, object: ObservedObject) => void;
}

/** The running bridge. */
export interface S3EventBridge {
  /** Announces an existing object, as if it had just been created. */
  announce(object: ObjectSummary): void;
  /** Resolves when every event so far is delivered. */
  settled(): Promise<void>;
  /** Delivers what is pending, then ends. */
  stop(): Promise<void>;
}

/** The AWS SDK retries by itself; this is for a server that is just starting or stopping. */
const TRIES = 5;
const PAUSE_MS = 200;

/**
 * Announces objects as S3 does, because the embedded S3 has no bucket notifications: uploads to the uploads
 * queue, copied files to the file-copied topic, each as S3's own JSON. Uploads that are counted in place go to
 * the jobs queue.
 */
export function startS3EventBridge(options: S3EventBridgeOptions): S3EventBridge {
  const { aws, clock = systemClock } = options;
  const clients = createEmbeddedClients(aws);
  const sequencer = createSequencer(clock);
  const pending = new Set<Promise<void>>();

  function announce(object: ObservedObject): void {
    const send = senderFor(object, options, clients);
    if (send === undefined) return;
    const body = eventFor(object, sequencer(), aws.region);
    const delivery = deliver(() => send(body), clock)
      .catch((error: unknown) => options.onError?.(error, object))
      .finally(() => pending.delete(delivery));
    pending.add(delivery);
  }
  const unsubscribe = aws.onObjectCreated(announce);

  async function settled(): Promise<void> {
    while (pending.size > 0) await Promise.all(pending);
  }

  return {
    announce: ({ lastModified: at, ...object }) =>
      announce({ ...object, at, eventName: 'ObjectCreated:Put' }),
    settled,
    async stop() {
      unsubscribe();
      await settled();
      clients.destroy();
    },
  };
}

type Send = (body: string) => Promise<unknown>;

/** The destination of an object's announcement, if it has one. */
function senderFor(
  { bucket, key }: ObservedObject,
  { resources, suffix = '.txt' }: S3EventBridgeOptions,
  clients: EmbeddedClients,
): Send | undefined {
  const { uploadingBucket, processingBucket, jobsQueueUrl, copying } = resources;
  if (bucket === uploadingBucket) {
    if (!isTextKey(key, suffix)) return undefined;
    const QueueUrl = copying?.uploadsQueueUrl ?? jobsQueueUrl;
    return (MessageBody) => clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }
  if (bucket !== processingBucket || copying === undefined) return undefined;
  const topic = { TopicArn: copying.fileCopiedTopicArn, Subject: 'Amazon S3 Notification' };
  return (Message) => clients.sns.send(new PublishCommand({ ...topic, Message }));
}

function eventFor(created: ObservedObject, sequencer: string, region: string): string {
  const { bucket, key, eTag, sizeBytes, at, eventName } = created;
  return JSON.stringify(
    s3EventFor({ object: { bucket, key, eTag }, sizeBytes, at, eventName, sequencer, region }),
  );
}

async function deliver(send: () => Promise<unknown>, clock: Clock): Promise<void> {
  for (let tried = 1; tried < TRIES; tried += 1) {
    try {
      await send();
      return;
    } catch {
      await clock.sleep(PAUSE_MS);
    }
  }
  await send();
}

/** Bits below the millisecond: a million events of one millisecond stay in order. */
const COUNTER_BITS = 20n;

/**
 * Creates a source of sequencers: 16 hexadecimal digits, each greater than the one before, and greater than
 * those of any earlier run because they start from the time of day.
 */
export function createSequencer(clock: Pick<Clock, 'now'>): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock.now().getTime()) << COUNTER_BITS;
    last = now > last ? now : last + 1n;
    return last.toString(16).toUpperCase().padStart(16, '0');
  };
}
