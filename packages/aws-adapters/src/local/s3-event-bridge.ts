import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { systemClock } from '../clock/index.ts';
import { s3EventFor } from '../events/index.ts';
import type { Clock } from '../ports/index.ts';
import { createEmbeddedClients } from './embedded-clients.ts';
import type { ObservedObject } from './object-observer.ts';
import type { PipelineResources } from './pipeline-resources.ts';
import { createSequencer } from './sequencer.ts';
import type { EmbeddedAws } from './start-embedded-aws.ts';

/** What the bridge connects. */
export interface S3EventBridgeOptions {
  readonly aws: EmbeddedAws;
  readonly resources: Pick<
    PipelineResources,
    'uploadingBucket' | 'processingBucket' | 'uploadsQueueUrl' | 'fileCopiedTopicArn'
  >;
  /** Which uploads are announced, as the suffix filter of a bucket notification. Default: `.txt`. */
  readonly suffix?: string;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Told when an event could not be delivered after several tries. Default: nobody. */
  readonly onError?: (error: unknown, object: ObservedObject) => void;
}

/** The running bridge. */
export interface S3EventBridge {
  /** Resolves when every event so far is delivered. */
  settled(): Promise<void>;
  /** Delivers what is pending, then ends. */
  stop(): Promise<void>;
}

/** The AWS SDK retries by itself; this is for a server that is just starting or stopping. */
const TRIES = 5;
const PAUSE_MS = 200;

/**
 * Announces objects as S3 does, because the embedded S3 has no bucket notifications: uploads to the uploads queue,
 * copied files to the file-copied topic, each as S3's own JSON.
 */
export function startS3EventBridge(options: S3EventBridgeOptions): S3EventBridge {
  const { aws, resources, suffix = '.txt', clock = systemClock, onError } = options;
  const clients = createEmbeddedClients(aws);
  const sequencer = createSequencer(clock);
  const pending = new Set<Promise<void>>();

  function senderFor({ bucket, key }: ObservedObject): ((body: string) => Promise<unknown>) | undefined {
    if (bucket === resources.uploadingBucket && key.endsWith(suffix)) {
      return (body) =>
        clients.sqs.send(new SendMessageCommand({ QueueUrl: resources.uploadsQueueUrl, MessageBody: body }));
    }
    if (bucket !== resources.processingBucket) return undefined;
    return (body) =>
      clients.sns.send(
        new PublishCommand({
          TopicArn: resources.fileCopiedTopicArn,
          Subject: 'Amazon S3 Notification',
          Message: body,
        }),
      );
  }

  async function deliver(object: ObservedObject, send: (body: string) => Promise<unknown>): Promise<void> {
    const { bucket, key, eTag, sizeBytes, at, eventName } = object;
    const body = JSON.stringify(
      s3EventFor({
        object: { bucket, key, eTag },
        sizeBytes,
        at,
        eventName,
        sequencer: sequencer(),
        region: aws.region,
      }),
    );
    for (let tried = 1; ; tried += 1) {
      try {
        await send(body);
        return;
      } catch (error) {
        if (tried === TRIES) return onError?.(error, object);
        await clock.sleep(PAUSE_MS);
      }
    }
  }

  const unsubscribe = aws.onObjectCreated((object) => {
    const send = senderFor(object);
    if (send === undefined) return;
    const delivery = deliver(object, send).finally(() => pending.delete(delivery));
    pending.add(delivery);
  });

  async function settled(): Promise<void> {
    while (pending.size > 0) await Promise.all(pending);
  }

  return {
    settled,
    async stop() {
      unsubscribe();
      await settled();
      clients.destroy();
    },
  };
}
