import { crc32 } from 'node:zlib';
import { plainETag } from '../rules/index.ts';
import type { FauxqsObject, FauxqsReply, FauxqsRequest, FauxqsS3Store } from './fauxqs-internals.ts';
import { PRECONDITION_FAILED } from './refuse-replacing.ts';

/**
 * Does for copies what S3 does and fauxqs does not: refuses a source that has another ETag than
 * `x-amz-copy-source-if-match` says, and gives the copy the checksum that it is asked for. Nothing can
 * happen between this check and the copy, because fauxqs copies in the same turn of the event loop.
 */
export function correctCopies(store: FauxqsS3Store) {
  return ({ method, headers }: FauxqsRequest, reply: FauxqsReply, done: () => void): void => {
    const path = headers['x-amz-copy-source'];
    const source = method === 'PUT' && typeof path === 'string' ? sourceOf(store, path) : undefined;
    const expected = headers['x-amz-copy-source-if-match'];
    if (source !== undefined && typeof expected === 'string' && !isTagOf(source, expected)) {
      reply.header('content-type', 'application/xml');
      reply.status(412).send(PRECONDITION_FAILED);
      return;
    }
    if (source !== undefined && headers['x-amz-checksum-algorithm'] === 'CRC32')
      headers['x-amz-checksum-crc32'] = base64Crc32(source.body);
    done();
  };
}

const isTagOf = ({ etag }: FauxqsObject, expected: string): boolean =>
  plainETag(expected) === plainETag(etag);

function base64Crc32(body: Buffer): string {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return checksum.toString('base64');
}

/** Undefined if there is no such object, which fauxqs reports itself. */
function sourceOf(store: FauxqsS3Store, path: string): FauxqsObject | undefined {
  const [bucket = '', ...key] = decodeURIComponent(path).replace(/^\//, '').split('/');
  if (store.buckets.get(bucket)?.has(key.join('/')) !== true) return undefined;
  return store.getObject(bucket, key.join('/'));
}
