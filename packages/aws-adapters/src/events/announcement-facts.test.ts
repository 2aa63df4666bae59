import { describe, expect, it } from 'vitest';
import type { ObjectEvent } from '../ports/index.ts';
import { type CreatedObject, parseAnnouncement, s3EventFor } from './index.ts';

const EXPECTED =
  'Expected an S3 event (direct, by SNS, by EventBridge, or a Lambda’s SQS event around one of them)';
const WHOLE: CreatedObject = {
  object: { bucket: 'b', key: 'a.txt', eTag: 'e1', versionId: 'v1' },
  sizeBytes: 3,
  at: new Date('2026-01-01T00:00:00Z'),
  sequencer: '00AB',
};

type Json = Record<string, unknown>;
const s3 = (change: Json = {}): string => JSON.stringify({ Records: [recordWith(change)] });
const recordWith = (change: Json): Json => ({ ...s3EventFor(WHOLE).Records[0], ...change });
const object = (change: Json = {}): Json => ({
  s3: { bucket: { name: 'b' }, object: { key: 'k', ...change } },
});
const bridge = (detail: unknown, change: Json = {}): string =>
  JSON.stringify({ source: 'aws.s3', 'detail-type': 'Object Created', detail, ...change });
const detail = (change: Json = {}, object: Json = {}): Json => {
  return { bucket: { name: 'b' }, object: { key: 'k', ...object }, ...change };
};
const sqs = (body: unknown): string => JSON.stringify({ Records: [{ eventSource: 'aws:sqs', body }] });

function onlyEvent(body: string): ObjectEvent | undefined {
  const parsed = parseAnnouncement(body);
  if (!parsed.ok) throw new Error(parsed.detail);
  expect(parsed.events).toHaveLength(1);
  return parsed.events[0];
}

function problemOf(body: string): string {
  const parsed = parseAnnouncement(body);
  return parsed.ok ? 'understood' : `${parsed.reason}: ${parsed.detail}`;
}

describe('what an announcement leaves out', () => {
  // Strictly: an absent fact is no member, rather than one that is undefined.
  it.each([
    ['S3', s3({ ...object(), eventTime: undefined })],
    [
      'S3, with facts that say nothing',
      s3({ ...object({ eTag: '""', versionId: '' }), eventTime: 'yesterday' }),
    ],
    ['S3, with a sequencer that is none', s3({ ...object({ sequencer: '0AZ' }), eventTime: undefined })],
    [
      'S3, with a sequencer that begins as none',
      s3({ ...object({ sequencer: 'Z0A' }), eventTime: undefined }),
    ],
    ['EventBridge', bridge(detail())],
    ['EventBridge, with facts that say nothing', bridge(detail({}, { etag: '', 'version-id': 'null' }))],
  ])('is not made up: %s', (_, body) => {
    expect(onlyEvent(body)).toStrictEqual({
      kind: 'created',
      object: { bucket: 'b', key: 'k' },
      eventName: 'ObjectCreated:Put',
    });
  });

  it('is not made up of a removal or a test', () => {
    expect(
      onlyEvent(s3({ ...object(), eventTime: undefined, eventName: 'ObjectRemoved:Delete' })),
    ).toStrictEqual({
      kind: 'removed',
      object: { bucket: 'b', key: 'k' },
      eventName: 'ObjectRemoved:Delete',
    });
    expect(onlyEvent('{"Event":"s3:TestEvent"}')).toStrictEqual({ kind: 'test' });
    expect(parseAnnouncement('{"Event":"s3:TestEvent"}')).toMatchObject({ form: 's3' });
  });

  it('is not made up when an event is written', () => {
    const bare = { object: { bucket: 'b', key: 'k' }, sizeBytes: 0, at: WHOLE.at };
    expect(s3EventFor(bare)).toStrictEqual({
      Records: [
        {
          eventVersion: '2.1',
          eventSource: 'aws:s3',
          awsRegion: 'us-east-1',
          eventTime: '2026-01-01T00:00:00.000Z',
          eventName: 'ObjectCreated:Put',
          s3: {
            s3SchemaVersion: '1.0',
            bucket: { name: 'b', arn: 'arn:aws:s3:::b' },
            object: { key: 'k', size: 0 },
          },
        },
      ],
    });
    expect(s3EventFor({ ...bare, region: 'eu-west-1' }).Records[0]?.awsRegion).toBe('eu-west-1');
  });
});

describe('names of events', () => {
  it.each([
    ['s3:ObjectCreated:Put', 'created', 'ObjectCreated:Put'],
    ['s3:ObjectRemoved:Delete', 'removed', 'ObjectRemoved:Delete'],
    ['NotObjectRemoved:Delete', 'ignored', 'NotObjectRemoved:Delete'],
    ['Xs3:ObjectTagging:Put', 'ignored', 'Xs3:ObjectTagging:Put'],
  ])('%s is %s', (eventName, kind, name) => {
    expect(onlyEvent(s3({ eventName }))).toMatchObject({ kind, eventName: name });
  });

  it.each([
    ['PutObject', 'Put'],
    ['POST Object', 'Post'],
    ['CopyObject', 'Copy'],
    ['CompleteMultipartUpload', 'CompleteMultipartUpload'],
    ['SomethingNew', 'SomethingNew'],
  ])('EventBridge’s reason %s is S3’s %s', (reason, name) => {
    expect(onlyEvent(bridge(detail({ reason })))).toMatchObject({ eventName: `ObjectCreated:${name}` });
  });

  it('a removal for good is told from a delete marker', () => {
    const body = bridge(detail({ 'deletion-type': 'Permanently Deleted' }), {
      'detail-type': 'Object Deleted',
    });
    expect(onlyEvent(body)).toMatchObject({ eventName: 'ObjectRemoved:Delete' });
  });

  it('others are named, too, for whoever reads the log', () => {
    expect(onlyEvent(s3({ eventName: 'ObjectTagging:Put' }))).toEqual({
      kind: 'ignored',
      eventName: 'ObjectTagging:Put',
    });
    expect(onlyEvent(bridge({}, { 'detail-type': 'Object Tags Added' }))).toEqual({
      kind: 'ignored',
      eventName: 'Object Tags Added',
    });
  });
});

describe('what is wrong with an announcement', () => {
  const nested = Array.from({ length: 5 }).reduce<string>((body) => sqs(body), s3());

  it.each([
    ['hello', `not-json: ${EXPECTED}, got a text that is not JSON.`],
    ['[]', `unknown-shape: ${EXPECTED}, got an array.`],
    ['null', `unknown-shape: ${EXPECTED}, got null.`],
    ['7', `unknown-shape: ${EXPECTED}, got a number.`],
    ['{"Records":[]}', `unknown-shape: ${EXPECTED}, got one without any record.`],
    [
      '{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6}',
      `unknown-shape: ${EXPECTED}, got an object with: a, b, c, d, e.`,
    ],
    ['{"source":"aws.s3"}', `unknown-shape: ${EXPECTED}, got an object with: source.`],
    ['{"detail-type":"Object Created"}', `unknown-shape: ${EXPECTED}, got an object with: detail-type.`],
    ['{"Type":"Notification","Message":7}', `unknown-shape: ${EXPECTED}, got an object with: Type, Message.`],
    [nested, `unknown-shape: ${EXPECTED}, got more wrappings than any of these.`],
    [
      s3({ eventVersion: '3.0' }),
      'unsupported-version: Expected eventVersion 1.x or 2.x of an S3 event, got 3.0.',
    ],
    [
      s3(object({ key: '100%' })),
      'bad-key: Expected a URL-encoded key of 1 to 1,024 bytes of UTF-8 without NUL, got "100%".',
    ],
    [
      bridge(detail({}, { key: '' })),
      'bad-key: Expected a key of 1 to 1,024 bytes of UTF-8 without NUL, got "".',
    ],
    [
      bridge(detail({ version: '1' })),
      'unsupported-version: Expected version 0 of the detail of an S3 event, got "1".',
    ],
  ])('is said in one sentence: %s', (body, problem) => {
    expect(problemOf(body)).toBe(problem);
  });

  it.each([
    [JSON.stringify({ Records: [7] }), /^unknown-shape: Expected an S3 event record: Invalid type: .+\.$/],
    [s3({ eventVersion: 2 }), /^unknown-shape: Expected an S3 event record: eventVersion: .+\.$/],
    [
      s3({ s3: { bucket: { name: '' } } }),
      /^unknown-shape: Expected an S3 event record: s3\.bucket\.name: .+\.$/,
    ],
    [bridge(7), /^unknown-shape: Expected the detail of an S3 event: Invalid type: .+\.$/],
    [
      bridge(detail(), { source: 'aws.ec2' }),
      /^unknown-shape: Expected an S3 event from EventBridge: source: .+\.$/,
    ],
    // What looks like a wrapping and is none.
    [sqs(7), /^unknown-shape: Expected an S3 event record: /],
    [JSON.stringify({ Records: [{ eventSource: 'other', body: s3() }] }), /^unknown-shape: /],
    [JSON.stringify({ Records: [{ EventSource: 'other', Sns: { Message: s3() } }] }), /^unknown-shape: /],
    [JSON.stringify({ Records: [{ EventSource: 'aws:sns', Sns: { Message: 7 } }] }), /^unknown-shape: /],
    [JSON.stringify({ Records: [{ EventSource: 'aws:sns' }] }), /^unknown-shape: /],
  ])('is found where it is: %s', (body, problem) => {
    expect(problemOf(body)).toMatch(problem);
  });

  it.each(['0', '0.1', '0.12'])('is not that EventBridge’s detail has the version %s', (version) => {
    expect(onlyEvent(bridge(detail({ version })))).toMatchObject({ kind: 'created' });
  });

  it.each(['10', '0.', '0.x', '0.1x', '00', 'v0', '0.1.1'])(
    'may be the version of EventBridge’s detail: %s',
    (version) => {
      expect(problemOf(bridge(detail({ version })))).toMatch(/^unsupported-version/);
    },
  );

  it('is shown by the beginning of the text, and that there was more', () => {
    const parsed = parseAnnouncement(`{${'x'.repeat(300)}`);
    expect(parsed).toMatchObject({ ok: false, excerpt: `{${'x'.repeat(199)}…` });
    expect(parseAnnouncement('{x')).toMatchObject({ excerpt: '{x' });
  });
});

describe('keys', () => {
  it.each([
    ['\t', '%09'],
    ['é', '%C3%A9'],
    ['a/b*c-d_e.f', 'a/b*c-d_e.f'],
  ])('are written with two digits for each byte: %j', (key, encoded) => {
    const event = s3EventFor({ ...WHOLE, object: { bucket: 'b', key } });
    expect(event.Records[0]?.s3.object.key).toBe(encoded);
  });
});
