import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObjectEvent } from '../ports/index.ts';
import { parseAnnouncement, s3EventFor } from './index.ts';

const consoleTestEvent = readFileSync(new URL('fixtures/console-test-event.json', import.meta.url), 'utf8');

const created = {
  object: { bucket: 'b', key: 'a.txt', eTag: 'e1', versionId: 'v1' },
  sizeBytes: 3,
  at: new Date('2026-01-01T00:00:00Z'),
  sequencer: '00AB',
};

const bodyOf = (...objects: (typeof created)[]): string => JSON.stringify(s3EventFor(...objects));
const record = (change: object): string => {
  const [first] = s3EventFor(created).Records;
  return JSON.stringify({ Records: [{ ...first, ...change }] });
};
const withKey = (key: string): string =>
  record({ s3: { bucket: { name: 'b' }, object: { key, size: 1, eTag: 'e' } } });
const inSns = (message: string): string =>
  JSON.stringify({ Type: 'Notification', MessageId: 'm', TopicArn: 'arn', Message: message });
const inSqs = (...bodies: string[]): string =>
  JSON.stringify({ Records: bodies.map((body) => ({ messageId: 'm', eventSource: 'aws:sqs', body })) });
const inEventBridge = (type: string, detail: object): string =>
  JSON.stringify({
    version: '0',
    source: 'aws.s3',
    'detail-type': type,
    time: '2026-01-01T00:00:00Z',
    detail,
  });
const bridgeObject = (key: string): object => ({
  version: '0',
  bucket: { name: 'b' },
  object: { key, size: 3, etag: 'e1', 'version-id': 'v1', sequencer: '00AB' },
  reason: 'PutObject',
});

function events(body: string): readonly ObjectEvent[] {
  const parsed = parseAnnouncement(body);
  if (!parsed.ok) throw new Error(`${parsed.reason}: ${parsed.detail}`);
  return parsed.events;
}

function reason(body: string): string {
  const parsed = parseAnnouncement(body);
  return parsed.ok ? 'ok' : parsed.reason;
}

const understood: ObjectEvent = {
  kind: 'created',
  object: created.object,
  sizeBytes: 3,
  eventName: 'ObjectCreated:Put',
  sequencer: '00AB',
  eventTime: created.at,
};

describe(parseAnnouncement, () => {
  it('reads the test event that a person pastes into the Lambda console', () => {
    expect(parseAnnouncement(consoleTestEvent)).toEqual({
      ok: true,
      form: 's3',
      events: [
        {
          kind: 'created',
          object: {
            bucket: 'yhb-wordfreq-uploading',
            key: '1.txt',
            eTag: '0123456789abcdef0123456789abcdef',
          },
          sizeBytes: 1024,
          eventName: 'ObjectCreated:Put',
          sequencer: '0A1B2C3D4E5F678901',
          eventTime: new Date('2023-12-05T12:58:00.000Z'),
        },
      ],
    });
  });

  it.each([
    ['s3', 'from S3 directly, and from SNS with raw delivery', bodyOf(created)],
    ['sns', 'wrapped by SNS', inSns(bodyOf(created))],
    [
      'sns',
      'as a Lambda gets it from SNS',
      JSON.stringify({ Records: [{ EventSource: 'aws:sns', Sns: { Message: bodyOf(created) } }] }),
    ],
    ['sqs', 'as a Lambda gets it from SQS', inSqs(bodyOf(created))],
    ['sqs', 'as a Lambda gets it from SNS by way of SQS', inSqs(inSns(bodyOf(created)))],
    ['eventbridge', 'from EventBridge', inEventBridge('Object Created', bridgeObject('a.txt'))],
    ['sqs', 'from EventBridge by way of SQS', inSqs(inEventBridge('Object Created', bridgeObject('a.txt')))],
  ])('reads form %s: %s', (form, _how, body) => {
    expect(parseAnnouncement(body)).toEqual({ ok: true, form, events: [understood] });
  });

  it.each(['1.0', '2.0', '2.1', '2.2', '2.3', '2.6', '2.17'])('accepts eventVersion %s', (eventVersion) => {
    expect(events(record({ eventVersion }))).toEqual([understood]);
  });

  it.each(['0.9', '3.0', '10.0', '22.1'])('refuses eventVersion %s by name', (eventVersion) => {
    expect(reason(record({ eventVersion }))).toBe('unsupported-version');
  });

  it('refuses an EventBridge detail of a version it does not know', () => {
    const detail = { ...bridgeObject('a.txt'), version: '1' };
    expect(reason(inEventBridge('Object Created', detail))).toBe('unsupported-version');
  });

  it.each([
    ['my+file.txt', 'my file.txt'],
    ['a%2Bb.txt', 'a+b.txt'],
    ['a%252Bb.txt', 'a%2Bb.txt'],
    ['caf%C3%A9/%F0%9F%98%80.txt', 'café/😀.txt'],
    ['__proto__', '__proto__'],
    ['a//b/./c.txt', 'a//b/./c.txt'],
    ['x'.repeat(1024), 'x'.repeat(1024)],
  ])('decodes the key %s once', (encoded, key) => {
    expect(events(withKey(encoded))).toMatchObject([{ kind: 'created', object: { key } }]);
  });

  it.each(['100%', '%zz', '%FF', '', 'x'.repeat(1025), '\uD800', 'a%00b.txt'])(
    'refuses the key %j',
    (encoded) => {
      expect(reason(withKey(encoded))).toBe('bad-key');
    },
  );

  it.each(['', 'x'.repeat(1025), '\uD800', 'a\0b.txt'])('refuses the key %j from EventBridge', (key) => {
    expect(reason(inEventBridge('Object Created', bridgeObject(key)))).toBe('bad-key');
  });

  it.each([{ bucket: { name: 'a\0b' } }, { object: { eTag: 'e\0' } }, { object: { versionId: 'v\0' } }])(
    'refuses a NUL in what names a job: %j',
    ({ bucket, object }) => {
      const s3 = { bucket: { name: 'texts', ...bucket }, object: { key: 'a.txt', ...object } };
      expect(reason(record({ s3 }))).toBe('unknown-shape');
    },
  );

  it.each(['my+file.txt', 'a%2Bb.txt', '100%'])('takes the key %s from EventBridge literally', (key) => {
    expect(events(inEventBridge('Object Created', bridgeObject(key)))).toMatchObject([{ object: { key } }]);
  });

  it.each(['ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated', 'LifecycleExpiration:Delete'])(
    'tells a removal (%s) from a creation',
    (eventName) => {
      expect(events(record({ eventName }))).toEqual([
        { kind: 'removed', object: created.object, eventName, sequencer: '00AB', eventTime: created.at },
      ]);
    },
  );

  it.each([
    ['S3', record({ eventName: 's3:ObjectRestore:Completed' })],
    ['EventBridge', inEventBridge('Object Restore Completed', bridgeObject('a.txt'))],
  ])('takes an archived object that was restored in again: %s', (_, body) => {
    expect(events(body)).toMatchObject([
      {
        kind: 'created',
        eventName: 'ObjectRestore:Completed',
        object: { key: expect.stringMatching(/txt$/) },
      },
    ]);
  });

  it('tells a removal that EventBridge announces', () => {
    const detail = { ...bridgeObject('a.txt'), 'deletion-type': 'Delete Marker Created' };
    expect(events(inEventBridge('Object Deleted', detail))).toMatchObject([
      { kind: 'removed', eventName: 'ObjectRemoved:DeleteMarkerCreated' },
    ]);
  });

  it.each([
    record({ eventName: 'ObjectTagging:Put' }),
    record({ eventName: 'ObjectRestore:Post' }),
    record({ eventName: 'ObjectRestore:Delete' }),
    inEventBridge('Object Restore Initiated', {}),
    inEventBridge('Object Tags Added', {}),
  ])('ignores other events of S3 without complaint', (body) => {
    expect(events(body)).toMatchObject([{ kind: 'ignored' }]);
  });

  it.each([(body: string) => body, inSns, (body: string) => inSqs(body)])(
    'knows the test message of a new notification configuration',
    (wrap) => {
      const body = JSON.stringify({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' });
      expect(events(wrap(body))).toEqual([{ kind: 'test', bucket: 'b' }]);
    },
  );

  it('reads every record, and gives up only the bad one', () => {
    const body = JSON.stringify({
      Records: [...s3EventFor(created).Records, { eventVersion: '9.0' }, ...s3EventFor(created).Records],
    });
    expect(events(body).map(({ kind }) => kind)).toEqual(['created', 'invalid', 'created']);
    expect(events(inSqs('not json', bodyOf(created))).map(({ kind }) => kind)).toEqual([
      'invalid',
      'created',
    ]);
  });

  it.each([
    ['not-json', 'hello'],
    ['not-json', ''],
    ['not-json', inSns('hello')],
    ['unknown-shape', 'null'],
    ['unknown-shape', '[]'],
    ['unknown-shape', '{"Records":[]}'],
    ['unknown-shape', '{"Records":[null]}'],
    ['unknown-shape', '{"__proto__":{"Records":[]}}'],
    ['unknown-shape', record({ s3: {} })],
    ['unknown-shape', inSns(inSns(inSns(inSns(bodyOf(created)))))],
    ['unknown-shape', JSON.stringify({ Type: 'SubscriptionConfirmation', Message: 'x' })],
  ])('says %s of %s', (expected, body) => {
    expect(reason(body)).toBe(expected);
  });

  it('does not let the version "null" pin anything, because it can be overwritten', () => {
    const body = record({
      s3: { bucket: { name: 'b' }, object: { key: 'k', eTag: '"e"', versionId: 'null' } },
    });
    expect(events(body)).toMatchObject([{ object: expect.toSatisfy((object) => !('versionId' in object)) }]);
    expect(events(body)).toMatchObject([{ object: { bucket: 'b', key: 'k', eTag: 'e' } }]);
  });

  it('shows an excerpt that cannot forge a log line or turn text around', () => {
    const parsed = parseAnnouncement(`bad\n{"level":"error"}\u202E${'x'.repeat(500)}`);
    expect(parsed).toMatchObject({ ok: false, excerpt: expect.not.stringMatching(/[\n\u202E]/) });
    expect(parsed.ok ? '' : parsed.excerpt).toMatch(/^bad‹U\+000A›\{"level":"error"\}‹U\+202E›x{178}…$/);
  });

  it('never throws on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (body) => void parseAnnouncement(body)));
  });

  it('never throws on any JSON, alone or where a record should be', () => {
    fc.assert(
      fc.property(fc.json(), fc.jsonValue(), (body, value) => {
        for (const text of [body, record({ s3: value }), JSON.stringify({ Records: [value] }), inSns(body)]) {
          parseAnnouncement(text);
        }
      }),
    );
  });

  it('reads back every key that s3EventFor writes', () => {
    const key = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(key, (name) => {
        const object = { ...created.object, key: name };
        expect(events(bodyOf({ ...created, object }))).toEqual([{ ...understood, object }]);
      }),
    );
  });
});

describe(s3EventFor, () => {
  it('encodes keys as S3 does', () => {
    const [first] = s3EventFor({
      ...created,
      object: { ...created.object, key: 'a b/c+d(1)~é.txt' },
    }).Records;
    expect(first?.s3.object.key).toBe('a+b/c%2Bd%281%29%7E%C3%A9.txt');
  });
});
