import { AdapterError } from '../errors/index.ts';
import type {
  Clock,
  ObjectInfo,
  ObjectLocation,
  ObjectStore,
  ObjectSummary,
  ObjectVersion,
  PutOptions,
  ReadOptions,
  WriteOptions,
} from '../ports/index.ts';
import { metadataOfCopy } from '../rules/index.ts';
import { type CallHooks, withHooks } from './call-hooks.ts';
import { type StoredObject, VersionTable } from './version-table.ts';

/** A change of an object, as S3 would announce it. */
export interface MemoryObjectChange {
  /** S3's name for the change. */
  readonly eventName: 'ObjectCreated:Put' | 'ObjectCreated:Copy' | 'ObjectRemoved:Delete';
  /** The object version that was created or removed. */
  readonly object: ObjectVersion;
  /** The size of the object; 0 for a removal. */
  readonly sizeBytes: number;
  /** 16 hexadecimal digits, greater for every later change. */
  readonly sequencer: string;
  /** When it happened. */
  readonly at: Date;
}

/** An object store in memory, with more methods for tests. */
export interface MemoryObjectStore extends ObjectStore {
  /** Creates an empty bucket. */
  createBucket(name: string): void;
  /**
   * Removes the current version, as a `DELETE` does: a versioned bucket still has it under its version id.
   */
  remove(location: ObjectLocation): void;
  /** Puts the current version into the archive, or takes it out again. */
  setStorageClass(location: ObjectLocation, storageClass: string): void;
  /** Reports every creation and removal from now on; call the returned function to stop. */
  watch(listener: (change: MemoryObjectChange) => void): () => void;
}

/** Options of {@link createMemoryObjectStore}. */
export interface MemoryObjectStoreOptions {
  /** The clock, injected so that tests control time. */
  readonly clock: Clock;
  /** Buckets that exist from the start. */
  readonly buckets?: readonly string[];
  /** Whether every put makes a version with an id of its own. Default: `false`, as a new S3 bucket. */
  readonly versioned?: boolean;
  /** Size of the chunks in which bodies arrive. Default: 65,536. */
  readonly chunkBytes?: number;
  /** Called around each call, to inject failures. */
  readonly hooks?: CallHooks;
}

/**
 * Creates an object store in memory.
 *
 * @example
 * const store = createMemoryObjectStore({ clock, buckets: ['processing'] });
 * await store.put({ bucket: 'processing', key: 'a.txt' }, new TextEncoder().encode('one two two'));
 */
export function createMemoryObjectStore(options: MemoryObjectStoreOptions): MemoryObjectStore {
  const { clock, hooks, chunkBytes = 65_536 } = options;
  const table = new VersionTable({ versioned: options.versioned ?? false });
  const { tell, watch } = createAnnouncer(clock);
  for (const bucket of options.buckets ?? []) table.createBucket(bucket);

  const create: Create = (eventName, location, bytes, put) => {
    const { info } = table.add(location, bytes, put, clock.now());
    tell(eventName, versionOf(info), info.sizeBytes);
    return info;
  };
  const call: Call = (operation, key, signal, run) =>
    withHooks(hooks, `object-store.${operation}`, key, () => {
      refuseAborted(signal);
      return run();
    });

  return {
    head: (object, { signal } = {}) =>
      call('head', object.key, signal, () => readable(table.find(object)).info),
    read: (object, read = {}) =>
      call('read', object.key, read.signal, () => {
        const stored = readable(table.find(object));
        return { info: stored.info, bytes: chunksOf(stored.bytes, read, chunkBytes) };
      }),
    put: (location, body, put = {}) =>
      call('put', location.key, put.signal, () => {
        const store = (bytes: Uint8Array): ObjectInfo => {
          if (put.onlyIfAbsent === true) table.requireAbsent(location);
          const info = create('ObjectCreated:Put', location, bytes, put);
          if (bytes.length > 0) put.onProgress?.(bytes.length);
          return info;
        };
        return body instanceof Uint8Array ? store(body.slice()) : gather(body, put.signal).then(store);
      }),
    copy: (source, destination, put = {}) =>
      call('copy', source.key, put.signal, () => copy(table, create, source, destination, put)),
    list: (bucket, { prefix = '', startAfter = '', signal } = {}) =>
      oneByOne(
        () => call('list', prefix, signal, () => table.current(bucket, prefix, startAfter).map(summaryOf)),
        signal,
      ),
    listVersions: (bucket, { prefix = '', signal } = {}) =>
      oneByOne(() => call('listVersions', prefix, signal, () => table.versions(bucket, prefix)), signal),
    createBucket: (name) => table.createBucket(name),
    remove(location) {
      const removed = table.remove(location, clock.now());
      if (removed !== undefined) tell('ObjectRemoved:Delete', versionOf(removed.info), 0);
    },
    setStorageClass: (location, storageClass) => table.setStorageClass(location, storageClass),
    watch,
  };
}

type Call = <T>(
  operation: string,
  key: string,
  signal: AbortSignal | undefined,
  run: () => T | Promise<T>,
) => Promise<T>;

type Create = (
  eventName: 'ObjectCreated:Put' | 'ObjectCreated:Copy',
  location: ObjectLocation,
  bytes: Uint8Array,
  put: Omit<PutOptions, 'signal'>,
) => ObjectInfo;

interface Announcer {
  tell(eventName: MemoryObjectChange['eventName'], object: ObjectVersion, sizeBytes: number): void;
  watch(listener: (change: MemoryObjectChange) => void): () => void;
}

function createAnnouncer(clock: Clock): Announcer {
  const listeners = new Set<(change: MemoryObjectChange) => void>();
  let sequence = 0;
  return {
    tell(eventName, object, sizeBytes) {
      sequence += 1;
      const sequencer = sequence.toString(16).toUpperCase().padStart(16, '0');
      const at = clock.now();
      for (const listener of [...listeners]) listener({ eventName, object, sizeBytes, sequencer, at });
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function copy(
  table: VersionTable,
  create: Create,
  source: ObjectVersion,
  destination: ObjectLocation,
  put: WriteOptions,
): ObjectInfo {
  const { info, bytes } = readable(table.find(source));
  refuseDestination(source, destination, table.hasBucket(destination.bucket));
  if (put.onlyIfAbsent === true) table.requireAbsent(destination);
  const contentType = put.contentType ?? info.contentType;
  const contentEncoding = put.contentEncoding ?? info.contentEncoding;
  return create('ObjectCreated:Copy', destination, bytes, {
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    metadata: metadataOfCopy(info.metadata, put.metadata ?? new Map()),
  });
}

function summaryOf({ info }: StoredObject): ObjectSummary {
  const { bucket, key, eTag, sizeBytes, lastModified } = info;
  return { bucket, key, eTag, sizeBytes, lastModified };
}

async function* oneByOne<T>(
  find: () => Promise<readonly T[]>,
  signal: AbortSignal | undefined,
): AsyncIterable<T> {
  for (const entry of await find()) {
    refuseAborted(signal);
    yield entry;
  }
}

async function gather(body: AsyncIterable<Uint8Array>, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) {
    refuseAborted(signal);
    chunks.push(chunk.slice());
  }
  refuseAborted(signal);
  return new Uint8Array(Buffer.concat(chunks));
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AdapterError('aborted', 'The caller aborted the call.');
}

/**
 * A missing destination must not look like a missing source: callers take `not-found` for "the object is
 * gone".
 */
function refuseDestination(source: ObjectVersion, { bucket, key }: ObjectLocation, exists: boolean): void {
  const problem = !exists
    ? `Expected a bucket to copy to, but there is none called ${bucket}.`
    : `Expected another place to copy to, but source and destination are both ${bucket}/${key}.`;
  if (exists && (source.bucket !== bucket || source.key !== key)) return;
  throw new AdapterError('invalid', problem, { object: source });
}

function readable(stored: StoredObject): StoredObject {
  const { storageClass, key } = stored.info;
  if (storageClass !== 'GLACIER' && storageClass !== 'DEEP_ARCHIVE') return stored;
  throw new AdapterError(
    'archived',
    `Expected a readable object, but ${key} is archived in ${storageClass}.`,
    {
      object: versionOf(stored.info),
    },
  );
}

function versionOf({ bucket, key, eTag, versionId }: ObjectInfo): ObjectVersion {
  return { bucket, key, eTag, ...(versionId === undefined ? {} : { versionId }) };
}

async function* chunksOf(
  bytes: Uint8Array,
  read: ReadOptions,
  chunkBytes: number,
): AsyncIterable<Uint8Array> {
  const { offset = 0, signal } = read;
  const end = Math.min(bytes.length, read.length === undefined ? bytes.length : offset + read.length);
  for (let start = offset; start < end; start += chunkBytes) {
    refuseAborted(signal);
    yield bytes.slice(start, Math.min(start + chunkBytes, end));
  }
}
