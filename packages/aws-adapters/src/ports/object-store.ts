/**
 * One version of one object: what a job is about. At least one of `versionId` and `eTag` pins the version.
 */
export interface ObjectVersion {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The literal key, decoded; never URL-encoded. */
  readonly key: string;
  /** Present where the bucket is versioned. Wins over `eTag`. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly eTag?: string;
}

/** What a store knows about one object version without reading it. */
export interface ObjectInfo extends ObjectVersion {
  /** The ETag, without quotes. */
  readonly eTag: string;
  /** The size of the stored bytes. */
  readonly sizeBytes: number;
  /** When this version was written. */
  readonly lastModified: Date;
  /** The content type, exactly as stored. */
  readonly contentType?: string;
  /** `gzip`, `zstd`, …, exactly as stored. */
  readonly contentEncoding?: string;
  /** The storage class; absent for `STANDARD`. */
  readonly storageClass?: string;
  /** User metadata (`x-amz-meta-*`), names in lower case. */
  readonly metadata: ReadonlyMap<string, string>;
}

/** Options that every call takes. */
export interface CallOptions {
  /** Ends the call with the code `aborted`. */
  readonly signal?: AbortSignal;
}

/** A part of an object, in bytes. */
export interface ReadOptions extends CallOptions {
  /** First byte to read. Default: 0. */
  readonly offset?: number;
  /** Number of bytes to read. Default: to the end. */
  readonly length?: number;
}

/** An opened object: what it is, and its bytes, once. */
export interface ObjectBody {
  /** What the store knows about the object. */
  readonly info: ObjectInfo;
  /**
   * The bytes. A broken or stalled connection is resumed from the next byte without the caller noticing,
   * pinned to the same version; iteration ends only after exactly the stated number of bytes.
   *
   * @throws `changed`, `truncated`, `unavailable`, `aborted`
   */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads objects, always one exact version. */
export interface ObjectReader {
  /**
   * Describes one object version.
   *
   * @throws `not-found`, `changed` (an `eTag` was given and is no longer current), `archived`,
   * `access-denied`, `throttled`, `unavailable`, `aborted`
   */
  head(object: ObjectVersion, options?: CallOptions): Promise<ObjectInfo>;
  /**
   * Opens one object version for reading.
   *
   * @throws as {@link ObjectReader.head}
   */
  read(object: ObjectVersion, options?: ReadOptions): Promise<ObjectBody>;
}

/** What a copy or a put sets on the new object. */
export interface PutOptions extends CallOptions {
  /** The new object's content type. Default: for a copy, the source's. */
  readonly contentType?: string;
  /** The new object's content encoding. Default: for a copy, the source's. */
  readonly contentEncoding?: string;
  /** User metadata, names in lower case. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/** The location of an object. */
export interface ObjectLocation {
  /** The name of the bucket. */
  readonly bucket: string;
  /** The literal key, decoded. */
  readonly key: string;
}

/** The bytes to store: all at once, or chunk by chunk, so that an object may be larger than memory. */
export type PutBody = Uint8Array | AsyncIterable<Uint8Array>;

/** Writes objects. */
export interface ObjectWriter {
  /**
   * Stores a body whole; readers see the old object or the new one, never a mixture. A put that fails or is
   * aborted stores nothing, leaves no parts of the body in the store, and closes the iterator of the body. The
   * signal is checked for each chunk, so a body that waits for its next chunk must end by itself.
   *
   * @throws `changed` if `onlyIfAbsent` was asked for and there is an object; `not-found` (the bucket),
   * `access-denied`, `invalid`, `throttled`, `unavailable`, `aborted`; an error that the body throws, unchanged
   */
  put(location: ObjectLocation, body: PutBody, options?: WriteOptions): Promise<ObjectInfo>;
}

/** How an object is written. */
export interface WriteOptions extends PutOptions {
  /**
   * Never replaces an object: the store itself decides, so of two writers one is refused. Default: `false`.
   */
  readonly onlyIfAbsent?: boolean;
  /**
   * About how many bytes an iterable will yield. A store that limits the number of parts chooses their size
   * accordingly: without it, S3 cannot store more than 78 GiB. Default: unknown.
   */
  readonly expectedBytes?: number;
  /** Called with the number of bytes that have been sent so far, each time that it has grown. */
  readonly onProgress?: (sentBytes: number) => void;
}

/** Copies objects inside the store, without moving the bytes through the caller. */
export interface ObjectCopier {
  /**
   * Copies one exact version, of any size. Content type and encoding are carried over, and so is the source's
   * own metadata, as far as the store takes it beside `options.metadata`, which is added in any case. The
   * result has the metadata of the copy. A `source` that {@link ObjectReader.head} of the same store returned
   * is not looked up again, which saves a request.
   *
   * @throws `not-found`, `changed` (the source has another ETag by now, or there is an object where
   * `onlyIfAbsent` was asked for, or the store cannot tell), `archived`, `access-denied`, `invalid`, `throttled`, `unavailable`,
   * `aborted`
   */
  copy(source: ObjectVersion, destination: ObjectLocation, options?: WriteOptions): Promise<ObjectInfo>;
}

/** Which objects to list. */
export interface ListOptions extends CallOptions {
  /** Default: all keys. */
  readonly prefix?: string;
  /** Only keys that come after this one, so that a listing can be continued. Default: from the first. */
  readonly startAfter?: string;
}

/** Lists objects, current versions only, in the order of their keys' UTF-8 bytes. */
export interface ObjectLister {
  /**
   * Lists the objects of a bucket.
   *
   * @throws `not-found` (the bucket), `access-denied`, `throttled`, `unavailable`, `aborted`
   */
  list(bucket: string, options?: ListOptions): AsyncIterable<ObjectSummary>;
}

/** What a listing contains of an object. */
export interface ObjectSummary extends ObjectLocation {
  /** The ETag, without quotes. */
  readonly eTag: string;
  /** The size of the stored bytes. */
  readonly sizeBytes: number;
  /** When this version was written. */
  readonly lastModified: Date;
}

/** One version that a store keeps of an object, or a delete marker. */
export interface StoredVersion extends ObjectLocation {
  /** Absent where the bucket is not versioned. */
  readonly versionId?: string;
  /** Without quotes. Absent for a delete marker. */
  readonly eTag?: string;
  /** The size of the stored bytes; 0 for a delete marker. */
  readonly sizeBytes: number;
  /** When this version was written, or the marker set. */
  readonly lastModified: Date;
  /** Whether a reader who names no version gets this one. */
  readonly current: boolean;
  /** Whether it marks that the object was deleted; the older versions are still there. */
  readonly deleteMarker: boolean;
}

/**
 * Lists the versions of objects in the order of their keys' UTF-8 bytes; those of one key from the newest to the
 * oldest. Where the bucket is not versioned, each object has one.
 */
export interface ObjectVersionLister {
  /**
   * Lists the versions of the objects of a bucket.
   *
   * @throws `not-found` (the bucket), `access-denied` (a permission of its own in S3), `invalid` (some
   * S3-compatible stores cannot list versions), `throttled`, `unavailable`, `aborted`
   */
  listVersions(bucket: string, options?: Omit<ListOptions, 'startAfter'>): AsyncIterable<StoredVersion>;
}

/** The whole store. Depend on the narrowest of its parts that you need. */
export interface ObjectStore
  extends ObjectReader,
    ObjectWriter,
    ObjectCopier,
    ObjectLister,
    ObjectVersionLister {}
