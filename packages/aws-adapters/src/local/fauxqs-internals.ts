import type { Server } from 'node:http';

// What is used of the pieces of fauxqs, which its own types do not export.

/** An object as the S3 store keeps it. */
export interface FauxqsObject {
  /** With quotes. */
  readonly etag: string;
  readonly contentLength: number;
  /** Empty in `buckets` where objects are kept on disk; `getObject` reads it. */
  readonly body: Buffer;
  readonly lastModified: Date;
  /** Present on objects that were uploaded in parts. */
  readonly parts?: readonly unknown[];
}

/** An upload in parts that is not complete. */
export interface FauxqsUpload {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  readonly initiated: Date;
}

/** What the S3 store reports to its spy, in the same turn in which it happens. */
interface FauxqsSpyMessage {
  readonly service: string;
  readonly bucket: string;
  readonly key: string;
  readonly status: 'uploaded' | 'downloaded' | 'deleted' | 'copied' | 'renamed';
}

/** The S3 store, as far as it is used here. */
export interface FauxqsS3Store {
  readonly buckets: ReadonlyMap<string, ReadonlyMap<string, FauxqsObject>>;
  /** By their ids. */
  readonly multipartUploads: ReadonlyMap<string, FauxqsUpload>;
  /** Returns the object with its body. */
  getObject(bucket: string, key: string): FauxqsObject;
  /** Returns the keys, whether there was such an object or not. */
  deleteObjects(bucket: string, keys: readonly string[]): readonly string[];
  persistence: unknown;
  spy: { addMessage(message: FauxqsSpyMessage): void } | undefined;
}

/** The SQS store, as far as it is used here. */
interface FauxqsSqsStore {
  /** Makes queue URLs like `http://sqs.us-east-1.<host>`; without it they name the address that was asked. */
  host: string | undefined;
  persistence: unknown;
  allQueues(): Iterable<{ persistence: unknown }>;
}

/** A request; its body is undefined until it is read. */
export interface FauxqsRequest {
  readonly method: string;
  readonly headers: Record<string, string | string[] | undefined>;
  /** Of S3's routes: the bucket, and as `*` the key. */
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** The response to a request. */
export interface FauxqsReply {
  status(code: number): FauxqsReply;
  header(name: string, value: string): FauxqsReply;
  getHeader(name: string): unknown;
  send(payload: string): void;
}

/** Why a request could not be done. */
export interface FauxqsError extends Error {
  /** Of what the server itself refuses, such as a body that is too large. */
  readonly statusCode?: number;
}

/** A server that is not listening yet. */
export interface FauxqsApp {
  readonly server: Server;
  addHook(name: 'preClose', hook: () => void): void;
  addHook(
    name: 'onRequest' | 'preHandler',
    hook: (request: FauxqsRequest, reply: FauxqsReply, done: () => void) => void,
  ): void;
  addHook(
    name: 'onSend',
    hook: (
      request: FauxqsRequest,
      reply: FauxqsReply,
      payload: unknown,
      done: (error: null, payload: unknown) => void,
    ) => void,
  ): void;
  setErrorHandler(handler: (error: FauxqsError, request: FauxqsRequest, reply: FauxqsReply) => void): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
}

/** The state of all three services on disk, in SQLite. */
export interface FauxqsPersistence {
  load(sqs: FauxqsSqsStore, sns: { persistence: unknown }, s3: FauxqsS3Store): void;
  close(): void;
  readonly db: { prepare(sql: string): { run(...values: unknown[]): unknown } };
  /** Stores that the lease of a message has ended. */
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
