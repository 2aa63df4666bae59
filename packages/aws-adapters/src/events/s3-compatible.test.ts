import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseAnnouncement } from './index.ts';

const FOLDER = new URL('fixtures/s3-compatible/', import.meta.url);
const eTag = 'aae2c33a105ad3f28f39402d67a24b20';
const key = 'a b+ü.txt';
const put = { kind: 'created', eventName: 'ObjectCreated:Put', sizeBytes: 7 };

/**
 * What stores send that speak S3's language: recorded (moto, ministack), or built as their sources and
 * documents say (MinIO `internal/event/event.go`, Ceph `doc/radosgw/notifications.rst`, Scality
 * `backbeat/extensions/notification`).
 */
const EXPECTED: Readonly<Record<string, object>> = {
  'moto-5.2-versioned': {
    ...put,
    object: { bucket: 'versioned', key, eTag },
    eventTime: new Date('2026-11-28T18:04:35.557Z'),
  },
  'ministack-1.5-versioned': {
    ...put,
    object: { bucket: 'versioned', key, eTag, versionId: 'f3168874-405e-4fcb-8a8f-f238dafd8bb9' },
    sequencer: '000006615A038E7410',
    eventTime: new Date('2026-11-28T18:04:55.417Z'),
  },
  'ministack-1.5-suspended-removal': {
    kind: 'removed',
    eventName: 'ObjectRemoved:DeleteMarkerCreated',
    object: { bucket: 'suspended', key },
    sequencer: '000006615A038E7415',
    eventTime: new Date('2026-11-28T18:04:55.565Z'),
  },
  minio: {
    kind: 'created',
    eventName: 'ObjectCreated:Put',
    object: { bucket: 'texts', key, eTag: 'd41d8cd98f00b204e9800998ecf8427e' },
    sequencer: '1800000000000002',
    eventTime: new Date('2026-11-28T18:04:55.417Z'),
  },
  ceph: {
    ...put,
    object: { bucket: 'texts', key, eTag },
    sequencer: 'B79BA86AAA549318',
    eventTime: new Date('2026-11-28T18:04:55.417Z'),
  },
  scality: {
    ...put,
    object: { bucket: 'texts', key },
    eventTime: new Date('2026-11-28T18:04:55.417Z'),
  },
};

describe('events of S3-compatible stores', () => {
  it('are all expected here', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(
      Object.keys(EXPECTED)
        .map((name) => `${name}.json`)
        .sort(),
    );
  });

  it.each(Object.entries(EXPECTED))('are read, with exactly what they say: %s', (name, event) => {
    const body = readFileSync(new URL(`${name}.json`, FOLDER), 'utf8');
    const parsed = parseAnnouncement(body);
    expect(parsed).toStrictEqual({ ok: true, form: 's3', events: [event] });
  });
});

const s3 = (object: object, record: object = {}): string =>
  JSON.stringify({
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        eventName: 'ObjectCreated:Put',
        s3: { bucket: { name: 'b' }, object: { key: 'k', ...object } },
        ...record,
      },
    ],
  });
const bridge = (object: object, envelope: object = {}, detail: object = {}): string =>
  JSON.stringify({
    source: 'aws.s3',
    'detail-type': 'Object Created',
    detail: { bucket: { name: 'b' }, object: { key: 'k', ...object }, ...detail },
    ...envelope,
  });
const created = { kind: 'created', object: { bucket: 'b', key: 'k' }, eventName: 'ObjectCreated:Put' };

describe('members that are null, or say nothing', () => {
  it.each([
    ['S3', s3({ eTag: null, versionId: null, sequencer: null, size: null }, { eventTime: null })],
    [
      'EventBridge',
      bridge(
        { etag: null, 'version-id': null, sequencer: null, size: null },
        { time: null },
        { version: null, reason: null, 'deletion-type': null },
      ),
    ],
    ['S3, of other types', s3({ sequencer: 7, size: 'big' }, { eventTime: 1795889095 })],
    ['S3, with a size that is none', s3({ size: -1 })],
    ['S3, with a sequencer longer than any', s3({ sequencer: 'A'.repeat(65) })],
    ['EventBridge, with a time in seconds', bridge({}, { time: 1795889095.5 })],
  ])('count as absent: %s', (_, body) => {
    expect(parseAnnouncement(body)).toMatchObject({ ok: true });
    const parsed = parseAnnouncement(body);
    expect(parsed.ok && parsed.events).toStrictEqual([created]);
  });

  it.each([
    ['an ETag', { eTag: 7 }],
    ['a version id', { versionId: {} }],
    ['a key', { key: null }],
  ])('are refused where %s of another type would name another version', (_, object) => {
    expect(parseAnnouncement(s3(object))).toMatchObject({ ok: false, reason: 'unknown-shape' });
  });

  it('leave the zone of a time to be UTC, wherever this runs', () => {
    const parsed = parseAnnouncement(s3({}, { eventTime: '2026-11-28T18:04:35.557123' }));
    expect(parsed).toMatchObject({ events: [{ eventTime: new Date('2026-11-28T18:04:35.557Z') }] });
  });
});
