import type { AnnouncementParser, EventForm } from '../ports/index.ts';
import { excerpt } from '../rules/index.ts';
import { isEventBridgeEvent, readEventBridgeEvent } from './eventbridge-event.ts';
import { joinReadings, problem, type Reading } from './reading.ts';
import { readS3Record } from './s3-record.ts';

/** S3 → SNS → SQS → Lambda wraps three times; no service wraps more often. */
const MAX_LAYERS = 4;

const EXPECTED =
  'Expected an S3 event (direct, by SNS, by EventBridge, or a Lambda’s SQS event around one of them)';

/**
 * Reads the body of a message that announces objects: S3's own JSON, the same inside an SNS notification or
 * an SQS event, or EventBridge's form. Never throws; what cannot be understood is returned as data.
 *
 * @example
 * const announcement = parseAnnouncement(message.body);
 * if (!announcement.ok) return quarantine(message, announcement.reason, announcement.detail);
 * for (const event of announcement.events) if (event.kind === 'created') await count(event.object);
 */
export const parseAnnouncement: AnnouncementParser = (body) => {
  const { form, reading } = readText(body, MAX_LAYERS);
  if (reading.ok) return { ok: true, form, events: reading.events };
  return { ok: false, reason: reading.reason, detail: reading.detail, excerpt: excerpt(body) };
};

interface Layer {
  /** Of the outermost wrapping. */
  readonly form: EventForm;
  readonly reading: Reading;
}

function readText(text: string, layersLeft: number): Layer {
  if (layersLeft === 0) {
    return {
      form: 's3',
      reading: problem('unknown-shape', `${EXPECTED}, got more wrappings than any of these.`),
    };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { form: 's3', reading: problem('not-json', `${EXPECTED}, got a text that is not JSON.`) };
  }
  return readValue(value, layersLeft);
}

function readValue(value: unknown, layersLeft: number): Layer {
  if (!isObject(value)) {
    const came = Array.isArray(value) ? 'an array' : value === null ? 'null' : `a ${typeof value}`;
    return { form: 's3', reading: problem('unknown-shape', `${EXPECTED}, got ${came}.`) };
  }
  if (value['Event'] === 's3:TestEvent') return { form: 's3', reading: testEvent(value['Bucket']) };
  if (value['Type'] === 'Notification' && typeof value['Message'] === 'string') {
    return { form: 'sns', reading: readText(value['Message'], layersLeft - 1).reading };
  }
  if (isEventBridgeEvent(value)) return { form: 'eventbridge', reading: readEventBridgeEvent(value) };
  if (Array.isArray(value['Records'])) return readRecords(value['Records'], layersLeft);
  const members = excerpt(Object.keys(value).slice(0, 5).join(', '), 100);
  return { form: 's3', reading: problem('unknown-shape', `${EXPECTED}, got an object with: ${members}.`) };
}

/** Three events have `Records`: S3's own, and those of SQS and SNS for a Lambda. */
function readRecords(records: readonly unknown[], layersLeft: number): Layer {
  if (records.length === 0) {
    return { form: 's3', reading: problem('unknown-shape', `${EXPECTED}, got one without any record.`) };
  }
  const layers = records.map((record): Layer => {
    const wrapped = wrappedText(record);
    if (wrapped === undefined) return { form: 's3', reading: readS3Record(record) };
    return { form: wrapped.form, reading: readText(wrapped.text, layersLeft - 1).reading };
  });
  return { form: layers[0]?.form ?? 's3', reading: joinReadings(layers.map(({ reading }) => reading)) };
}

function wrappedText(record: unknown): { form: EventForm; text: string } | undefined {
  if (!isObject(record)) return undefined;
  if (record['eventSource'] === 'aws:sqs' && typeof record['body'] === 'string') {
    return { form: 'sqs', text: record['body'] };
  }
  const sns = record['Sns'];
  if (record['EventSource'] === 'aws:sns' && isObject(sns) && typeof sns['Message'] === 'string') {
    return { form: 'sns', text: sns['Message'] };
  }
  return undefined;
}

function testEvent(bucket: unknown): Reading {
  return { ok: true, events: [{ kind: 'test', ...(typeof bucket === 'string' ? { bucket } : {}) }] };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
