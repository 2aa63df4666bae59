import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { type S3Event, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import type { EmbeddedAws, EmbeddedClients, ObservedObject } from '@org/wordfreq-aws-adapters/local';
import { versionIdOf } from './object-versions.ts';
import { type ResolvedResource, type ResolvedTemplate, versionedBucketsOf } from './template.ts';

/** What S3 itself calls. */
type Invoke = (event: S3Event) => Promise<void>;

interface Target {
  readonly Queue?: string;
  readonly Topic?: string;
  readonly Function?: string;
  readonly Filter?: { readonly S3Key: { readonly Rules: readonly { Name: string; Value: string }[] } };
}

/**
 * Announces new objects to whom the template's buckets and rules name, as S3 and EventBridge do; to be called
 * to end that.
 */
export function announceObjects(
  template: ResolvedTemplate,
  aws: EmbeddedAws,
  clients: EmbeddedClients,
  invoke: Invoke | undefined,
): { stop(): Promise<void> } {
  const pending = new Set<Promise<unknown>>();
  let sequence = 0;
  const unsubscribe = aws.onObjectCreated((object) => {
    const bucket = template.ofType('AWS::S3::Bucket').find(({ name }) => name === object.bucket);
    if (bucket === undefined) return;
    sequence += 1;
    const versionId = versionedBucketsOf(template).has(object.bucket) ? versionIdOf(object.eTag) : undefined;
    const event = eventFor(object, versionId, sequence);
    const sending = Promise.all([
      ...targetsOf(bucket, object.key).map((target) => deliver(target, event, template, clients, invoke)),
      ...rulesFor(bucket, object.key, template).map((arn) =>
        sendTo(arn, JSON.stringify(bridgeEvent(object, versionId, sequence)), template, clients),
      ),
    ]).finally(() => pending.delete(sending));
    pending.add(sending);
  });
  return {
    async stop() {
      unsubscribe();
      await Promise.all(pending);
    },
  };
}

/** S3's own event. */
function eventFor(object: ObservedObject, versionId: string | undefined, sequence: number): S3Event {
  const { bucket, key, eTag, sizeBytes, at, eventName } = object;
  return s3EventFor({
    object: { bucket, key, eTag, ...(versionId === undefined ? {} : { versionId }) },
    sizeBytes,
    at,
    eventName,
    sequencer: sequencerOf(sequence),
  });
}

const sequencerOf = (sequence: number): string => sequence.toString(16).toUpperCase().padStart(18, '0');

function bridgeEvent(
  { bucket, key, eTag, sizeBytes, at }: ObservedObject,
  versionId: string | undefined,
  sequence: number,
): object {
  return {
    version: '0',
    id: `event-${sequence}`,
    source: 'aws.s3',
    'detail-type': 'Object Created',
    time: at.toISOString(),
    detail: {
      bucket: { name: bucket },
      object: {
        key,
        size: sizeBytes,
        etag: eTag,
        'version-id': versionId,
        sequencer: sequencerOf(sequence),
      },
    },
  };
}

interface Notifications {
  readonly QueueConfigurations?: readonly (Target & { readonly Event: string })[];
  readonly TopicConfigurations?: readonly (Target & { readonly Event: string })[];
  readonly LambdaConfigurations?: readonly (Target & { readonly Event: string })[];
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled: boolean };
}

const notificationsOf = ({ properties }: ResolvedResource): Notifications =>
  (properties['NotificationConfiguration'] ?? {}) as Notifications;

function targetsOf(bucket: ResolvedResource, key: string): Target[] {
  const {
    QueueConfigurations = [],
    TopicConfigurations = [],
    LambdaConfigurations = [],
  } = notificationsOf(bucket);
  return [...QueueConfigurations, ...TopicConfigurations, ...LambdaConfigurations].filter(
    ({ Event, Filter }) =>
      Event === 's3:ObjectCreated:*' &&
      (Filter?.S3Key.Rules ?? []).every(({ Name, Value }) =>
        Name === 'prefix' ? key.startsWith(Value) : key.endsWith(Value),
      ),
  );
}

interface Pattern {
  readonly detail: {
    readonly bucket: { readonly name: readonly string[] };
    readonly object?: { readonly key: unknown };
  };
}

/**
 * The targets of rules whose pattern matches; a pattern of a key is a suffix here, another one would have to
 * be matched first.
 */
function rulesFor(bucket: ResolvedResource, key: string, template: ResolvedTemplate): string[] {
  if (notificationsOf(bucket).EventBridgeConfiguration?.EventBridgeEnabled !== true) return [];
  return template.ofType('AWS::Events::Rule').flatMap(({ properties }) => {
    const { detail } = properties['EventPattern'] as Partial<Pattern>;
    if (detail?.bucket?.name.includes(bucket.name) !== true) return [];
    const [{ suffix }] = (detail.object?.key ?? [{ suffix: '' }]) as [{ suffix: string }];
    const targets = properties['Targets'] as readonly { readonly Arn: string }[];
    return key.endsWith(suffix) ? targets.map(({ Arn }) => Arn) : [];
  });
}

async function deliver(
  { Queue, Topic, Function: fn }: Target,
  event: S3Event,
  template: ResolvedTemplate,
  clients: EmbeddedClients,
  invoke: Invoke | undefined,
): Promise<void> {
  const body = JSON.stringify(event);
  if (fn !== undefined) await invoke?.(event);
  if (Queue !== undefined) await sendTo(Queue, body, template, clients);
  if (Topic !== undefined) await clients.sns.send(new PublishCommand({ TopicArn: Topic, Message: body }));
}

async function sendTo(
  queueArn: string,
  MessageBody: string,
  { place }: ResolvedTemplate,
  { sqs }: EmbeddedClients,
): Promise<void> {
  const QueueUrl = `http://localhost/${place.account}/${queueArn.split(':').at(-1)}`;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}
