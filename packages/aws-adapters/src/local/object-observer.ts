import { plainETag } from '../rules/index.ts';
import type { FauxqsS3Store } from './fauxqs.ts';

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

  store.spy = {
    addMessage({ service, bucket, key, status }) {
      if (service !== 's3') return;
      if (status === 'copied') renameLast(fresh, bucket, key);
      if (status !== 'uploaded') return;
      const object = describe(store, bucket, key);
      if (object === undefined) return;
      if (fresh.length === 0) queueMicrotask(flush);
      fresh.push(object);
    },
  };
  return (listener) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
}

/** Reads in the same turn, before anything can overwrite the object: the event must tell of this very one. */
function describe(store: FauxqsS3Store, bucket: string, key: string): ObservedObject | undefined {
  const object = store.buckets.get(bucket)?.get(key);
  if (object === undefined) return undefined;
  return {
    bucket,
    key,
    eTag: plainETag(object.etag) ?? '',
    sizeBytes: object.contentLength,
    at: object.lastModified,
    eventName: object.parts === undefined ? 'ObjectCreated:Put' : 'ObjectCreated:CompleteMultipartUpload',
  };
}

/** A copy reports itself twice in one turn, first as an upload. */
function renameLast(fresh: ObservedObject[], bucket: string, key: string): void {
  const last = fresh.findLastIndex((object) => object.bucket === bucket && object.key === key);
  const object = fresh[last];
  if (object !== undefined) fresh[last] = { ...object, eventName: 'ObjectCreated:Copy' };
}
