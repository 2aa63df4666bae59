import { s3EventFor } from '@org/wordfreq-aws-adapters/events';
import type { MemoryObjectChange, MemoryQueue } from '@org/wordfreq-aws-adapters/memory';
import { decodeFormKey } from '@org/wordfreq-aws-adapters/rules';
import type { Chance } from './faults.ts';

const MAX_DELAY_SECONDS = 60;

/**
 * Delivers what S3 announces, as AWS does: at least once, in no order, in several forms. `ordered` says
 * whether events may lack their sequencer, as those of S3-compatible stores do.
 */
export function createAnnouncer(
  queue: MemoryQueue,
  chance: Chance,
  ordered: boolean,
): (change: MemoryObjectChange) => void {
  const told: MemoryObjectChange[] = [];
  return (change) => {
    const lacking = !ordered && chance.strikes('event-without-sequencer', 0.2);
    const { sequencer, ...rest } = change;
    const event = lacking ? rest : { ...rest, sequencer };
    const earlier =
      told.length > 0 && chance.strikes('event-of-many-records', 0.1) ? [chance.pick(told)] : [];
    told.push(change);
    const body = bodyOf(s3EventFor(event, ...earlier), earlier.length === 0, chance);
    send(queue, body, chance);
    if (chance.strikes('event-twice', 0.15)) send(queue, body, chance);
  };
}

function send(queue: MemoryQueue, body: string, chance: Chance): void {
  const late = chance.strikes('event-late', 0.3);
  queue.send(body, late ? { delaySeconds: Math.ceil(chance.upTo(MAX_DELAY_SECONDS)) } : {});
}

function bodyOf(event: ReturnType<typeof s3EventFor>, single: boolean, chance: Chance): string {
  const version = chance.pick(['2.0', '2.1', '2.2', '2.3', '2.6']);
  const records = event.Records.map((record) => ({ ...record, eventVersion: version }));
  const direct = JSON.stringify({ Records: records });
  if (!chance.strikes('event-wrapped', 0.4)) return direct;
  const [record] = records;
  if (single && record?.eventName === 'ObjectCreated:Put' && chance.random() < 0.5)
    return eventBridge(record);
  return JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn:aws:sns:x', Message: direct });
}

/** The same in EventBridge's form, whose keys are literal. */
function eventBridge({ eventTime, s3 }: ReturnType<typeof s3EventFor>['Records'][number]): string {
  const { key, size, eTag, versionId, sequencer } = s3.object;
  return JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': 'Object Created',
    time: eventTime,
    detail: {
      version: '0',
      bucket: { name: s3.bucket.name },
      object: {
        key: decodeFormKey(key),
        size,
        etag: eTag,
        ...(versionId === undefined ? {} : { 'version-id': versionId }),
        ...(sequencer === undefined ? {} : { sequencer }),
      },
      reason: 'PutObject',
    },
  });
}
