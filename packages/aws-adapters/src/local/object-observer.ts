import type { FauxqsS3Store, FauxqsSpyMessage } from './fauxqs-internals.ts';

/** An object that has just come into being in the embedded S3. */
export interface ObservedObject {
  readonly bucket: string;
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  readonly sizeBytes: number;
  readonly at: Date;
  readonly eventName: 'ObjectCreated:Put' | 'ObjectCreated:CompleteMultipartUpload' | 'ObjectCreated:Copy';
}

/** Is told of every object that comes into being. */
export type ObjectListener = (object: ObservedObject) => void;

/** Watches an S3 store; the answer adds a listener, and that answer removes it again. */
export function observeObjects(store: FauxqsS3Store): (listener: ObjectListener) => () => void {
  const listeners = new Set<ObjectListener>();
  let fresh: ObservedObject[] = [];

  function flush(): void {
    const created = fresh;
    fresh = [];
    for (const object of created) for (const listener of [...listeners]) listener(object);
  }

  function uploaded(bucket: string, key: string): void {
    // Read in the same turn, before anything can overwrite it: the event must tell of this very object.
    const object = store.buckets.get(bucket)?.get(key);
    if (object === undefined) return;
    if (fresh.length === 0) queueMicrotask(flush);
    fresh.push({
      bucket,
      key,
      eTag: object.etag.replaceAll('"', ''),
      sizeBytes: object.contentLength,
      at: object.lastModified,
      eventName: object.parts === undefined ? 'ObjectCreated:Put' : 'ObjectCreated:CompleteMultipartUpload',
    });
  }

  /** A copy reports itself twice in one turn, first as an upload. */
  function copied(bucket: string, key: string): void {
    const last = fresh.findLastIndex((object) => object.bucket === bucket && object.key === key);
    const object = fresh[last];
    if (object !== undefined) fresh[last] = { ...object, eventName: 'ObjectCreated:Copy' };
  }

  store.spy = {
    addMessage({ service, bucket, key, status }: FauxqsSpyMessage) {
      if (service !== 's3') return;
      if (status === 'uploaded') uploaded(bucket, key);
      if (status === 'copied') copied(bucket, key);
    },
  };
  return (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}
