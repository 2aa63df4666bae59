import type { Server } from 'node:http';
import type { refuseReplacing } from './refuse-replacing.ts';

// What is used of the pieces of fauxqs, which its own types do not export.

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
  readonly server: Server;
  addHook(name: 'preClose', hook: () => void): void;
  addHook(name: 'preHandler', hook: ReturnType<typeof refuseReplacing>): void;
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
