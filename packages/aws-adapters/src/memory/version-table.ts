import { createHash } from 'node:crypto';
import { AdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { ObjectInfo, ObjectLocation, ObjectVersion, PutOptions } from '../ports/index.ts';

/** One version of one object, with its bytes. */
export interface StoredObject {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

interface Line {
  current: StoredObject | undefined;
  /** By version id; empty where the store is not versioned. */
  readonly versions: Map<string, StoredObject>;
}

/** The state of an object store in memory: buckets, keys, versions. */
export class VersionTable {
  readonly #versioned: boolean;
  readonly #buckets = new Map<string, Map<string, Line>>();
  #serial = 0;

  constructor(options: { readonly versioned: boolean }) {
    this.#versioned = options.versioned;
  }

  createBucket(name: string): void {
    if (!this.#buckets.has(name)) this.#buckets.set(name, new Map());
  }

  hasBucket(name: string): boolean {
    return this.#buckets.has(name);
  }

  /** @throws `not-found` when there is no such bucket, `invalid` for a key that no object can have */
  add(location: ObjectLocation, bytes: Uint8Array, put: PutOptions, at: Date): StoredObject {
    requireKey(location);
    const bucket = this.#bucket(location.bucket);
    const line = bucket.get(location.key) ?? { current: undefined, versions: new Map() };
    bucket.set(location.key, line);
    this.#serial += 1;
    const versionId = this.#versioned ? `version-${this.#serial}` : undefined;
    return keep(line, { info: describe(location, bytes, put, at, versionId), bytes });
  }

  /** @throws `changed` when there is an object; `not-found` when there is no such bucket */
  requireAbsent({ bucket, key }: ObjectLocation): void {
    if (this.#bucket(bucket).get(key)?.current === undefined) return;
    throw new AdapterError('changed', `Expected no object ${key} in ${bucket}, but there is one.`, {
      object: { bucket, key },
    });
  }

  /** @throws `not-found`, `changed`, `invalid` */
  find(object: ObjectVersion): StoredObject {
    requireKey(object);
    const line = this.#bucket(object.bucket).get(object.key);
    const { versionId, eTag } = object;
    const stored = versionId === undefined ? line?.current : line?.versions.get(versionId);
    if (stored === undefined) {
      throw new AdapterError('not-found', `There is no object ${object.key} in ${object.bucket}.`, {
        object,
      });
    }
    if (versionId === undefined && eTag !== undefined && stored.info.eTag !== eTag) {
      const came = stored.info.eTag;
      throw new AdapterError('changed', `Expected ETag ${eTag} of ${object.key}, but it is ${came} now.`, {
        object,
      });
    }
    return stored;
  }

  /** Current versions in the order of their keys' UTF-8 bytes. */
  current(bucket: string, prefix: string, startAfter: string): readonly StoredObject[] {
    const after = Buffer.from(startAfter);
    return [...this.#bucket(bucket)]
      .filter(([key]) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), after) > 0)
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      .flatMap(([, line]) => (line.current === undefined ? [] : [line.current]));
  }

  remove(location: ObjectLocation): StoredObject | undefined {
    const line = this.#bucket(location.bucket).get(location.key);
    const removed = line?.current;
    if (line !== undefined) line.current = undefined;
    return removed;
  }

  setStorageClass(location: ObjectLocation, storageClass: string): void {
    const line = this.#bucket(location.bucket).get(location.key);
    if (line?.current === undefined) return;
    keep(line, { ...line.current, info: { ...line.current.info, storageClass } });
  }

  #bucket(name: string): Map<string, Line> {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new AdapterError('not-found', `There is no bucket ${name}.`);
    return bucket;
  }
}

function keep(line: Line, stored: StoredObject): StoredObject {
  line.current = stored;
  if (stored.info.versionId !== undefined) line.versions.set(stored.info.versionId, stored);
  return stored;
}

function describe(
  location: ObjectLocation,
  bytes: Uint8Array,
  put: PutOptions,
  lastModified: Date,
  versionId: string | undefined,
): ObjectInfo {
  return {
    bucket: location.bucket,
    key: location.key,
    eTag: createHash('md5').update(bytes).digest('hex'),
    sizeBytes: bytes.length,
    lastModified,
    metadata: new Map(put.metadata ?? []),
    ...(versionId === undefined ? {} : { versionId }),
    ...(put.contentType === undefined ? {} : { contentType: put.contentType }),
    ...(put.contentEncoding === undefined ? {} : { contentEncoding: put.contentEncoding }),
  };
}
