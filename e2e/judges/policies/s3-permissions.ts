import { type AwsRequest, type RequestedPermission, UnknownRequest } from './requested-permission.ts';

/** The bucket and the key of a path-style URL; empty where there is none. */
interface S3Address {
  readonly bucket: string;
  readonly key: string;
  readonly query: URLSearchParams;
}

/** Reads a path-style URL of S3. */
export function addressOf(url: string): S3Address {
  const [path = '', query = ''] = url.split(/\?(.*)/s);
  const [, bucket = '', key = ''] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  return {
    bucket: decodeURIComponent(bucket),
    key: decodeURIComponent(key),
    query: new URLSearchParams(query),
  };
}

/** The source of a copying request, if it is one. */
export function copySourceOf({ headers }: Pick<AwsRequest, 'headers'>): S3Address | undefined {
  const source = headers['x-amz-copy-source'];
  return typeof source === 'string' ? addressOf(source.startsWith('/') ? source : `/${source}`) : undefined;
}

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

const onBucket = (bucket: string, ...actions: string[]): RequestedPermission[] =>
  actions.map((action) => ({ action: `s3:${action}`, resource: bucketArn(bucket) }));

const onObject = ({ bucket, key }: S3Address, ...actions: string[]): RequestedPermission[] =>
  actions.map((action) => ({ action: `s3:${action}`, resource: `${bucketArn(bucket)}/${key}` }));

/**
 * What a request to S3 needs. Stricter than AWS in one point: every object that is copied counts as tagged.
 *
 * Sources: "Required permissions for Amazon S3 API operations" and the "Permissions" part of each operation's
 * page, Amazon S3 User Guide and API Reference.
 */
export function s3Permissions(request: AwsRequest): RequestedPermission[] {
  const address = addressOf(request.url);
  if (address.key === '') return ofBucket(request, address);
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return onObject(address, ...reading(request, address));
    case 'PUT':
      return ofWriting(request, address);
    case 'POST':
      if (address.query.has('uploads') || address.query.has('uploadId')) {
        return onObject(address, 'PutObject', ...tagging(request));
      }
      break;
    case 'DELETE':
      if (address.query.has('uploadId')) return onObject(address, 'AbortMultipartUpload');
      return onObject(address, address.query.has('versionId') ? 'DeleteObjectVersion' : 'DeleteObject');
  }
  throw new UnknownRequest(request, 'no rule for this operation on an object');
}

/** The permission to learn that an object is missing: without it, S3 returns 403. */
export function permissionToMiss(request: AwsRequest): RequestedPermission[] {
  const { bucket } = copySourceOf(request) ?? addressOf(request.url);
  return onBucket(bucket, 'ListBucket');
}

function ofBucket(request: AwsRequest, { bucket, query }: S3Address): RequestedPermission[] {
  if (bucket === '') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  if (request.method === 'HEAD') return onBucket(bucket, 'ListBucket');
  if (request.method === 'GET') {
    if (query.has('versions')) return onBucket(bucket, 'ListBucketVersions');
    if (query.has('versioning')) return onBucket(bucket, 'GetBucketVersioning');
    if (query.has('location')) return onBucket(bucket, 'GetBucketLocation');
    if (query.has('list-type')) return onBucket(bucket, 'ListBucket');
  }
  throw new UnknownRequest(request, 'no rule for this operation on a bucket');
}

function reading(request: AwsRequest, { query }: S3Address): string[] {
  const version = query.has('versionId') ? 'Version' : '';
  if (query.has('tagging')) return [`GetObject${version}Tagging`];
  for (const name of ['acl', 'attributes', 'legal-hold', 'retention', 'torrent', 'uploadId']) {
    if (query.has(name)) throw new UnknownRequest(request, `no rule for ?${name}`);
  }
  return [`GetObject${version}`];
}

function ofWriting(request: AwsRequest, address: S3Address): RequestedPermission[] {
  const { query } = address;
  if (query.has('tagging')) return onObject(address, 'PutObjectTagging');
  for (const name of ['acl', 'legal-hold', 'retention']) {
    if (query.has(name)) throw new UnknownRequest(request, `no rule for ?${name}`);
  }
  const source = copySourceOf(request);
  // An overwrite on the condition of an ETag reveals whether the object is still there.
  const seen = request.headers['if-match'] === undefined ? [] : ['GetObject'];
  if (source === undefined) return onObject(address, 'PutObject', ...seen, ...tagging(request));
  const read = onObject(source, source.query.has('versionId') ? 'GetObjectVersion' : 'GetObject');
  if (query.has('uploadId')) return [...read, ...onObject(address, 'PutObject')];
  const readTags = onObject(
    source,
    source.query.has('versionId') ? 'GetObjectVersionTagging' : 'GetObjectTagging',
  );
  return [...read, ...readTags, ...onObject(address, 'PutObject', 'PutObjectTagging', ...seen)];
}

function tagging({ headers }: AwsRequest): string[] {
  return headers['x-amz-tagging'] === undefined ? [] : ['PutObjectTagging'];
}
