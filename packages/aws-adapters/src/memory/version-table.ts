import { createHash } from 'node:crypto';
import { AdapterError } from '../errors/index.ts';
import { requireKey } from '../errors/validation.ts';
import type { ObjectInfo, ObjectLocation, ObjectVersion, PutOptions, StoredVersion } from '../ports/index.ts';
import { pinnedVersionId } from '../rules/index.ts';

/** One version of one object, with its bytes. */
export interface StoredObject {
  readonly info: ObjectInfo;
  readonly bytes: Uint8Array;
}

/** In a versioned store, marks that an object was deleted. */
interface DeleteMarker {
  readonly deletedAt: Date;
}

interface Line {
  /** Absent after a deletion. */
  current: StoredObject | undefined;
  /** By version id, the oldest first; where the store is not versioned, the current one alone, as `null`. */
  readonly versions: Map<string, StoredObject | DeleteMarker>;
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
    const versionId = this.#newVersionId();
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
    if (stored === undefined || isMarker(stored)) {
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
    return this.#lines(bucket, prefix)
      .filter(([key]) => Buffer.compare(Buffer.from(key), after) > 0)
      .flatMap(([, line]) => (line.current === undefined ? [] : [line.current]));
  }

  /** All versions and delete markers in the order of their keys' UTF-8 bytes, those of a key from the newest. */
  versions(bucket: string, prefix: string): readonly StoredVersion[] {
    return this.#lines(bucket, prefix).flatMap(([key, line]) =>
      [...line.versions].reverse().map(([id, version], index) => listed({ bucket, key }, id, version, index)),
    );
  }

  remove(location: ObjectLocation, at: Date): StoredObject | undefined {
    const line = this.#bucket(location.bucket).get(location.key);
    const removed = line?.current;
    if (line === undefined || removed === undefined) return undefined;
    line.current = undefined;
    const markerId = this.#newVersionId();
    if (markerId === undefined) line.versions.clear();
    else line.versions.set(markerId, { deletedAt: at });
    return removed;
  }

  setStorageClass(location: ObjectLocation, storageClass: string): void {
    const line = this.#bucket(location.bucket).get(location.key);
    if (line?.current === undefined) return;
    keep(line, { ...line.current, info: { ...line.current.info, storageClass } });
  }

  /** In the order of the keys' UTF-8 bytes. */
  #lines(bucket: string, prefix: string): readonly (readonly [key: string, line: Line])[] {
    return [...this.#bucket(bucket)]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  #newVersionId(): string | undefined {
    this.#serial += 1;
    return this.#versioned ? `version-${this.#serial}` : undefined;
  }

  #bucket(name: string): Map<string, Line> {
    const bucket = this.#buckets.get(name);
    if (bucket === undefined) throw new AdapterError('not-found', `There is no bucket ${name}.`);
    return bucket;
  }
}

function keep(line: Line, stored: StoredObject): StoredObject {
  line.current = stored;
  line.versions.set(stored.info.versionId ?? 'null', stored);
  return stored;
}

function isMarker(version: StoredObject | DeleteMarker): version is DeleteMarker {
  return 'deletedAt' in version;
}

/** A version as a listing shows it; `index` is 0 for the newest. */
function listed(
  location: ObjectLocation,
  id: string,
  version: StoredObject | DeleteMarker,
  index: number,
): StoredVersion {
  const versionId = pinnedVersionId(id);
  const facts = isMarker(version)
    ? { sizeBytes: 0, lastModified: version.deletedAt }
    : { eTag: version.info.eTag, sizeBytes: version.info.sizeBytes, lastModified: version.info.lastModified };
  return {
    ...location,
    ...(versionId === undefined ? {} : { versionId }),
    ...facts,
    current: index === 0,
    deleteMarker: isMarker(version),
  };
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
