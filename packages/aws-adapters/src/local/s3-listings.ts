import { encodeFormKey } from '../rules/index.ts';
import type { FauxqsObject, FauxqsS3Store, FauxqsUpload } from './fauxqs-internals.ts';
import { element, s3Document } from './s3-xml.ts';

/*
 * fauxqs lists keys in the order of a dictionary but continues after a key in the order of code units, so
 * that a listing of several pages loses keys; it ignores `encoding-type`, without which a key with a control
 * character makes a listing that nobody can read; and it answers every query about a bucket with its objects.
 * So listings are made here.
 */

/** What a listing was asked for, from its query. */
type ListingQuery = Readonly<Record<string, string | undefined>>;

/** The most entries in one response. */
const MAX_KEYS = 1000;

/** Lists objects, versions or unfinished uploads of a bucket. */
export function listingXml(store: FauxqsS3Store, bucket: string, query: ListingQuery): string {
  const objects: Objects = store.buckets.get(bucket) ?? new Map();
  if (query['uploads'] !== undefined) return uploadsXml(store, bucket, query);
  if (query['versions'] !== undefined) return versionsXml(objects, bucket, query);
  return query['list-type'] === '2'
    ? objectsXml(objects, bucket, query)
    : objectsXmlV1(objects, bucket, query);
}

/**
 * Part of a listing: entries whose keys have no delimiter after the prefix, and what the others begin with.
 */
interface Page<T> {
  readonly entries: readonly (readonly [key: string, value: T])[];
  readonly prefixes: readonly string[];
  /** After which the next page begins, if there is one. */
  readonly next: string | undefined;
}

/** Cuts the page after `after` out of all entries, in the order of their keys' bytes. */
function pageOf<T>(all: Iterable<readonly [string, T]>, query: ListingQuery, after: string): Page<T> {
  const { prefix = '', delimiter = '' } = query;
  const limit = maxKeys(query);
  if (limit === 0) return { entries: [], prefixes: [], next: undefined };
  const sorted = [...all]
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => ({ key, value, bytes: Buffer.from(key) }))
    .filter(({ bytes }) => Buffer.compare(bytes, Buffer.from(after)) > 0)
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes));
  const entries: [string, T][] = [];
  const prefixes = new Set<string>();
  let last = '';
  for (const { key, value } of sorted) {
    const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = end < 0 ? undefined : key.slice(0, end + delimiter.length);
    // The page before ended with this prefix, and with it all keys that begin so.
    if (common !== undefined && (prefixes.has(common) || common === after)) continue;
    if (entries.length + prefixes.size === limit) return { entries, prefixes: [...prefixes], next: last };
    last = common ?? key;
    if (common === undefined) entries.push([key, value]);
    else prefixes.add(common);
  }
  return { entries, prefixes: [...prefixes], next: undefined };
}

function maxKeys(query: ListingQuery): number {
  const asked = query['max-keys'] ?? query['max-uploads'];
  return asked === undefined ? MAX_KEYS : Math.min(Number(asked) || 0, MAX_KEYS);
}

/** Keys and what keys begin with are encoded if the client asked for it. */
function encoderOf(query: ListingQuery): (key: string) => string {
  return query['encoding-type'] === 'url' ? encodeFormKey : (key) => key;
}

/** What all listings repeat of what they were asked for. */
function echo(query: ListingQuery, encode: (key: string) => string): string[] {
  const { prefix = '', delimiter, 'encoding-type': encoding } = query;
  return [
    element('Prefix', encode(prefix)),
    ...(delimiter === undefined ? [] : [element('Delimiter', encode(delimiter))]),
    ...(encoding === undefined ? [] : [element('EncodingType', encoding)]),
  ];
}

function commonPrefixes(prefixes: readonly string[], encode: (key: string) => string): string[] {
  return prefixes.map((prefix) => element('CommonPrefixes', [element('Prefix', encode(prefix))]));
}

function objectXml(name: string, key: string, object: FauxqsObject, more: readonly string[] = []): string {
  return element(name, [
    element('Key', key),
    ...more,
    element('LastModified', object.lastModified.toISOString()),
    element('ETag', object.etag),
    element('Size', object.contentLength),
    element('StorageClass', 'STANDARD'),
  ]);
}

type Objects = ReadonlyMap<string, FauxqsObject>;

function objectsXml(objects: Objects, bucket: string, query: ListingQuery): string {
  const encode = encoderOf(query);
  const { 'start-after': startAfter, 'continuation-token': token } = query;
  const after = token === undefined ? (startAfter ?? '') : Buffer.from(token, 'base64url').toString();
  const { entries, prefixes, next } = pageOf(objects, query, after);
  return s3Document('ListBucketResult', [
    element('Name', bucket),
    ...echo(query, encode),
    ...(startAfter === undefined ? [] : [element('StartAfter', encode(startAfter))]),
    ...(token === undefined ? [] : [element('ContinuationToken', token)]),
    element('KeyCount', entries.length + prefixes.length),
    element('MaxKeys', maxKeys(query)),
    element('IsTruncated', next !== undefined),
    ...(next === undefined
      ? []
      : [element('NextContinuationToken', Buffer.from(next).toString('base64url'))]),
    ...entries.map(([key, object]) => objectXml('Contents', encode(key), object)),
    ...commonPrefixes(prefixes, encode),
  ]);
}

function objectsXmlV1(objects: Objects, bucket: string, query: ListingQuery): string {
  const encode = encoderOf(query);
  const { marker = '' } = query;
  const { entries, prefixes, next } = pageOf(objects, query, marker);
  return s3Document('ListBucketResult', [
    element('Name', bucket),
    ...echo(query, encode),
    element('Marker', encode(marker)),
    element('MaxKeys', maxKeys(query)),
    element('IsTruncated', next !== undefined),
    ...(next === undefined ? [] : [element('NextMarker', encode(next))]),
    ...entries.map(([key, object]) => objectXml('Contents', encode(key), object)),
    ...commonPrefixes(prefixes, encode),
  ]);
}

/** There are no versions here; S3 then lists each object as its only version, `null`. */
function versionsXml(objects: Objects, bucket: string, query: ListingQuery): string {
  const encode = encoderOf(query);
  const { 'key-marker': marker = '' } = query;
  const { entries, prefixes, next } = pageOf(objects, query, marker);
  const only = [element('VersionId', 'null'), element('IsLatest', true)];
  return s3Document('ListVersionsResult', [
    element('Name', bucket),
    ...echo(query, encode),
    element('KeyMarker', encode(marker)),
    element('VersionIdMarker', ''),
    element('MaxKeys', maxKeys(query)),
    element('IsTruncated', next !== undefined),
    ...(next === undefined
      ? []
      : [element('NextKeyMarker', encode(next)), element('NextVersionIdMarker', 'null')]),
    ...entries.map(([key, object]) => objectXml('Version', encode(key), object, only)),
    ...commonPrefixes(prefixes, encode),
  ]);
}

function uploadsXml(store: FauxqsS3Store, bucket: string, query: ListingQuery): string {
  const encode = encoderOf(query);
  const { 'key-marker': marker = '' } = query;
  const byKey = new Map<string, FauxqsUpload[]>();
  for (const upload of store.multipartUploads.values()) {
    if (upload.bucket === bucket) byKey.set(upload.key, [...(byKey.get(upload.key) ?? []), upload]);
  }
  const { entries, prefixes, next } = pageOf(byKey, query, marker);
  return s3Document('ListMultipartUploadsResult', [
    element('Bucket', bucket),
    ...echo(query, encode),
    element('KeyMarker', encode(marker)),
    element('UploadIdMarker', ''),
    element('MaxUploads', maxKeys(query)),
    element('IsTruncated', next !== undefined),
    ...(next === undefined ? [] : [element('NextKeyMarker', encode(next))]),
    ...entries.flatMap(([key, ofKey]) =>
      ofKey.map(({ uploadId, initiated }) =>
        element('Upload', [
          element('Key', encode(key)),
          element('UploadId', uploadId),
          element('StorageClass', 'STANDARD'),
          element('Initiated', initiated.toISOString()),
        ]),
      ),
    ),
    ...commonPrefixes(prefixes, encode),
  ]);
}
