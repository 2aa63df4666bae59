import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddedAwsError } from './embedded-aws-error.ts';

/*
 * fauxqs exports one function that starts a server, and that server always listens on 0.0.0.0: everybody on the network
 * could read and write it. So this file takes fauxqs apart into the pieces that the function is made of (see
 * `startFauxqs` in fauxqs/dist/app.js), and `start-fauxqs.ts` puts them together on the loopback interface. The classes
 * are not in the package's "exports", therefore they are imported by file; the peer range names the exact version.
 */

/** An object as the S3 store keeps it. */
export interface FauxqsObject {
  /** With quotes. */
  readonly etag: string;
  readonly contentLength: number;
  readonly lastModified: Date;
  /** Present on objects that were uploaded in parts. */
  readonly parts?: readonly unknown[];
}

/** What the S3 store tells its spy, in the same turn in which it happens. */
export interface FauxqsSpyMessage {
  readonly service: string;
  readonly bucket: string;
  readonly key: string;
  readonly status: 'uploaded' | 'downloaded' | 'deleted' | 'copied' | 'renamed';
}

/** The S3 store, as far as it is used here. */
export interface FauxqsS3Store {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, FauxqsObject>>;
  persistence: unknown;
  spy: { addMessage(message: FauxqsSpyMessage): void } | undefined;
}

/** The SQS store, as far as it is used here. */
export interface FauxqsSqsStore {
  /** Makes queue URLs like `http://sqs.us-east-1.<host>`; without it they name the address that was asked. */
  host: string | undefined;
  persistence: unknown;
  allQueues(): Iterable<{ persistence: unknown }>;
}

/** A request before its body is read. */
export interface FauxqsRequest {
  readonly method: string;
  readonly headers: Record<string, string | string[] | undefined>;
}

/** A server that is not listening yet. */
export interface FauxqsApp {
  addHook(name: 'preClose', hook: () => void): void;
  addHook(name: 'onRequest', hook: (request: FauxqsRequest, reply: unknown, done: () => void) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

/** The state of all three services on disk, in SQLite. */
export interface FauxqsPersistence {
  load(sqs: FauxqsSqsStore, sns: { persistence: unknown }, s3: FauxqsS3Store): void;
  close(): void;
  readonly db: { prepare(sql: string): { run(...values: unknown[]): unknown } };
  /** Notes that a message is lent to nobody any more. */
  updateMessageReady(messageId: string): void;
}

/** The pieces that a fauxqs server is made of. */
export interface FauxqsInternals {
  buildApp(options: object): FauxqsApp;
  readonly SqsStore: new () => FauxqsSqsStore;
  readonly SnsStore: new () => { persistence: unknown };
  readonly S3Store: new () => FauxqsS3Store;
  readonly PersistenceManager: new (dataDir: string) => FauxqsPersistence;
}

/** Loads the pieces of the installed fauxqs. */
export async function loadFauxqsInternals(): Promise<FauxqsInternals> {
  const folder = fauxqsFolder();
  const load = (file: string): Promise<FauxqsInternals> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, 'dist', file)).href).catch(explainOldNode);
  const [{ buildApp }, { SqsStore }, { SnsStore }, { S3Store }, { PersistenceManager }] = await Promise.all([
    load('app.js'),
    load('sqs/sqsStore.js'),
    load('sns/snsStore.js'),
    load('s3/s3Store.js'),
    load('persistence.js'),
  ]);
  return { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager };
}

function explainOldNode(cause: unknown): never {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw cause;
  const advice = `Expected Node 22.13 or newer, which has SQLite built in, but this is ${process.version}.`;
  throw new EmbeddedAwsError('node-too-old', advice, { cause });
}

/** Not `require.resolve`: fauxqs has no CommonJS entry. Not `import.meta.resolve`: CommonJS has no such thing. */
function fauxqsFolder(): string {
  const folders = createRequire(import.meta.url).resolve.paths('fauxqs') ?? [];
  const found = folders.map((folder) => join(folder, 'fauxqs')).find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new EmbeddedAwsError(
    'not-installed',
    'Expected the package fauxqs, but it is not installed. Run: npm install fauxqs dynalite',
  );
}
