import { explainListenFailure } from './embedded-aws-error.ts';
import { type FauxqsPersistence, type FauxqsRequest, loadFauxqsInternals } from './fauxqs.ts';
import { type ObjectListener, observeObjects } from './object-observer.ts';

/** What S3 gives to objects that come without a type. */
const S3_DEFAULT_CONTENT_TYPE = 'binary/octet-stream';

/** S3, SQS and SNS in one server. */
export interface FauxqsServer {
  readonly url: string;
  /** Tells of every object that comes into being; call the answer to stop. */
  onObjectCreated(listener: ObjectListener): () => void;
  stop(): Promise<void>;
}

/** Starts fauxqs on the loopback interface only. */
export async function startFauxqs(options: {
  port: number;
  region: string;
  dataDir?: string | undefined;
}): Promise<FauxqsServer> {
  const { port, region, dataDir } = options;
  const { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager } = await loadFauxqsInternals();
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const { sqsStore, snsStore, s3Store } = stores;
  // No name server knows sqs.us-east-1.localhost.
  sqsStore.host = undefined;
  // SQLite also for objects, not fauxqs' file store: that builds paths from keys, so `../x` would leave the folder,
  // and a key with a segment of more than 255 bytes could not be stored.
  const persistence = dataDir === undefined ? undefined : new PersistenceManager(dataDir);
  if (persistence !== undefined) {
    forgetLoansOnly(persistence);
    // First load, then connect: the other way round, loading would write everything again.
    persistence.load(sqsStore, snsStore, s3Store);
    for (const store of [sqsStore, snsStore, s3Store, ...sqsStore.allQueues()])
      store.persistence = persistence;
  }
  const onObjectCreated = observeObjects(s3Store);
  const relaxedRules = { disableMinCopySourceSize: true };
  const app = buildApp({ logger: false, defaultRegion: region, stores, relaxedRules });
  app.addHook('onRequest', nameContentType);
  if (persistence !== undefined) app.addHook('preClose', () => persistence.close());
  try {
    const url = await app.listen({ port, host: '127.0.0.1' });
    return { url, onObjectCreated, stop: () => app.close() };
  } catch (error) {
    await app.close();
    throw explainListenFailure(error, port, 'S3, SQS and SNS');
  }
}

/** An empty object without a type, as most clients but ours send one, has no body for fauxqs: it fails on `undefined`. */
function nameContentType({ method, headers }: FauxqsRequest, _reply: unknown, done: () => void): void {
  if (method === 'PUT') headers['content-type'] ??= S3_DEFAULT_CONTENT_TYPE;
  done();
}

/**
 * fauxqs forgets how often a message was received together with its loan, which its own table forbids: the request fails half done, and
 * the message that was given back is gone until the next start.
 */
function forgetLoansOnly(persistence: FauxqsPersistence): void {
  const statement = persistence.db.prepare(
    'UPDATE sqs_messages SET receipt_handle = NULL, visibility_deadline = NULL WHERE message_id = ?',
  );
  persistence.updateMessageReady = (messageId) => statement.run(messageId);
}
