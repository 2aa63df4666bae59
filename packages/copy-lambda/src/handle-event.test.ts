import { parseAnnouncement, s3EventFor } from '@org/wordfreq-aws-adapters/events';
import { createManualClock, createMemoryObjectStore } from '@org/wordfreq-aws-adapters/memory';
import type { SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { handleEvent } from './handle-event.ts';

const UPLOADED = { bucket: 'uploading', key: 'a.txt' };
const COPY = { bucket: 'processing', key: 'a.txt' };

function setUp() {
  const objects = createMemoryObjectStore({
    clock: createManualClock(),
    versioned: true,
    buckets: ['uploading', 'processing'],
  });
  const bodies: string[] = [];
  objects.watch((change) => {
    if (change.object.bucket === 'uploading') bodies.push(JSON.stringify(s3EventFor(change)));
  });
  const policy = {
    destinationBucket: 'processing',
    allowedBuckets: new Set(['uploading']),
    keyPrefix: '',
    keySuffix: '.txt',
  };
  const app = {
    logger: { info: () => undefined, error: () => undefined },
    metrics: { addMetric: () => undefined as never },
    dependencies: { objects, policy, parse: parseAnnouncement },
  };
  const upload = async (text: string): Promise<void> => {
    await objects.put(UPLOADED, new TextEncoder().encode(text));
  };
  return { objects, bodies, app, upload };
}

function batchOf(bodies: readonly string[]): SQSEvent {
  const records = bodies.map((body, index) => ({
    messageId: `message-${index}`,
    body,
    attributes: { ApproximateReceiveCount: '1' },
    eventSource: 'aws:sqs',
  }));
  return { Records: records as unknown as SQSEvent['Records'] };
}

describe(handleEvent, () => {
  it.each(['older first', 'newer first'])(
    'leaves the newer of two uploads of one key that come in one batch, the %s',
    async (order) => {
      const { objects, bodies, app, upload } = setUp();
      await upload('older');
      await upload('newer text');
      const batch = batchOf(order === 'older first' ? bodies : [...bodies].reverse());
      expect(await handleEvent(batch, app)).toEqual({ batchItemFailures: [] });
      expect(await objects.head(COPY)).toMatchObject({ sizeBytes: 'newer text'.length });
    },
  );
});
