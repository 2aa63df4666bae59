import { plainETag } from '../rules/index.ts';
import { answerFailures } from './answer-failures.ts';
import { correctCopies } from './correct-copies.ts';
import { correctS3 } from './correct-s3.ts';
import { explainListenFailure } from './embedded-aws-error.ts';
import type { FauxqsPersistence, FauxqsS3Store } from './fauxqs-internals.ts';
import { guardServer } from './guard-server.ts';
import { loadFauxqs } from './load-emulators.ts';
import { refuseReplacing } from './refuse-replacing.ts';

/*
 * fauxqs exports one function that starts a server, and that server always listens on 0.0.0.0: everybody on
 * the network could read and write it. So this file takes fauxqs apart into the pieces that the function is
 * made of (see `startFauxqs` in fauxqs/dist/app.js), and puts them together on the loopback interface. The
 * classes are not in the package's "exports", therefore they are imported by file; the peer range names the
 * exact version.
 */

/** An object that was just created in the embedded S3. */
export interface ObservedObject {
  /** The bucket. */
  readonly bucket: string;
  /** The decoded key. */
  readonly key: string;
  /** Without quotes. */
  readonly eTag: string;
  /** The size of the object. */
  readonly sizeBytes: number;
  /** When the object was created. */
  readonly at: Date;
  /** S3's name for how it was created. */
  readonly eventName: 'ObjectCreated:Put' | 'ObjectCreated:CompleteMultipartUpload' | 'ObjectCreated:Copy';
}

/** Is called for every object that is created. */
export type ObjectListener = (object: ObservedObject) => void;

/** Observes an S3 store. Returns a function that adds a listener, which returns one that removes it. */
function observeObjects(store: FauxqsS3Store): (listener: ObjectListener) => () => void {
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

/** Reads in the same turn, before anything can overwrite the object: the event must describe this version. */
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

/** S3, SQS and SNS in one server. */
export interface FauxqsServer {
  readonly url: string;
  /** Reports every object that is created; call the returned function to stop. */
  onObjectCreated(listener: ObjectListener): () => void;
  stop(): Promise<void>;
}

/** Starts fauxqs on the loopback interface only. */
export async function startFauxqs(options: {
  port: number;
  region: string;
  dataDir?: string | undefined;
  onError: (error: unknown) => void;
}): Promise<FauxqsServer> {
  const { port, region, dataDir, onError } = options;
  const { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager } = await loadFauxqs();
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const { sqsStore, snsStore, s3Store } = stores;
  // No name server knows sqs.us-east-1.localhost.
  sqsStore.host = undefined;
  // SQLite also for objects, not fauxqs' file store: that builds paths from keys, so `../x` would leave the
  // folder, and a key with a segment of more than 255 bytes could not be stored.
  const persistence = dataDir === undefined ? undefined : new PersistenceManager(dataDir);
  if (persistence !== undefined) {
    forgetLeasesOnly(persistence);
    // Load before connecting: otherwise loading would write everything again.
    persistence.load(sqsStore, snsStore, s3Store);
    for (const store of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()])
      store.persistence = persistence;
  }
  const onObjectCreated = observeObjects(s3Store);
  const relaxedRules = { disableMinCopySourceSize: true };
  const app = buildApp({ logger: false, defaultRegion: region, stores, relaxedRules });
  guardServer(app.server);
  answerFailures(app, onError);
  correctS3(app, s3Store);
  app.addHook('preHandler', refuseReplacing(s3Store));
  app.addHook('preHandler', correctCopies(s3Store));
  if (persistence !== undefined) app.addHook('preClose', () => persistence.close());
  try {
    const url = await app.listen({ port, host: '127.0.0.1' });
    return { url, onObjectCreated, stop: () => app.close() };
  } catch (error) {
    await app.close();
    throw explainListenFailure(error, port, 'S3, SQS and SNS');
  }
}

/**
 * fauxqs forgets how often a message was received together with its lease, which its own table forbids: the
 * request fails half-way, and the returned message is missing until the next start.
 */
function forgetLeasesOnly(persistence: FauxqsPersistence): void {
  const statement = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => statement.run(messageId);
}
