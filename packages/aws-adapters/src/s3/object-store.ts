import { wholeNumber } from '../errors/index.ts';
import type { ObjectStore } from '../ports/index.ts';
import type { S3Context } from './head-object.ts';
import { listObjects, listVersions } from './list-objects.ts';
import { createS3ObjectCopier, type S3ObjectCopierOptions } from './object-copier.ts';
import { putObject } from './put-object.ts';
import { createGetObject, type ReadPolicy, readObject } from './read-object.ts';

/** How the store uses S3. */
export interface S3ObjectStoreOptions extends S3ObjectCopierOptions {
  /**
   * How long to wait for the next bytes of a body before its connection counts as broken. Default: 30,000.
   */
  readonly idleTimeoutMs?: number;
  /** Resumptions in a row that may bring no byte. Default: 5. */
  readonly maxResumptions?: number;
  /** Pause before a body is resumed; doubles while no byte comes. Default: 200. */
  readonly resumeDelayMs?: number;
}

/**
 * Creates an object store over S3. Reads are pinned to one version (by version id, else by ETag) and survive
 * broken connections; copies of any size stay inside S3.
 *
 * The modification time that `put` and copies in parts return is this machine's, because S3 does not return one.
 *
 * @example
 * const store = createS3ObjectStore({ client: new S3Client({}), clock: systemClock });
 * const { bytes } = await store.read({ bucket: 'texts', key: 'a.txt' });
 * for await (const chunk of bytes) counter.push(chunk);
 */
export function createS3ObjectStore(options: S3ObjectStoreOptions): ObjectStore {
  const { client, clock, expectedBucketOwner } = options;
  const context: S3Context = { client, clock, expectedBucketOwner };
  const reading: ReadPolicy = {
    get: createGetObject(client),
    idleTimeoutMs: wholeNumber('idleTimeoutMs', options.idleTimeoutMs ?? 30_000, 1),
    maxResumptions: wholeNumber('maxResumptions', options.maxResumptions ?? 5, 0),
    resumeDelayMs: wholeNumber('resumeDelayMs', options.resumeDelayMs ?? 200, 0),
  };
  return {
    ...createS3ObjectCopier(options),
    read: (object, read) => readObject(context, reading, object, read),
    put: (location, body, put) => putObject(context, location, body, put),
    list: (bucket, list) => listObjects(context, bucket, list),
    listVersions: (bucket, list) => listVersions(context, bucket, list),
  };
}
