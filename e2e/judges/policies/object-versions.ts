import type { AwsRequest } from './requested-permission.ts';
import { addressOf, copySourceOf } from './s3-permissions.ts';

/*
 * The embedded S3 has no versions, but the stack's buckets have, and IAM knows other actions for them: this
 * adds version ids on the way. A version's id is made of its ETag, so the same bytes twice under one key are
 * one version here.
 */

/** The id of the version that has this ETag. */
export function versionIdOf(eTag: string): string {
  return `v.${eTag.replaceAll('"', '')}`;
}

/** What to send to a server without versions instead of a request. */
interface Unversioned {
  readonly url: string;
  readonly headers: AwsRequest['headers'];
  /** Whether one version was asked for; where its ETag does not match, that version is not there. */
  readonly pinned: boolean;
}

/** Takes version ids out of a request, and pins it by the ETag instead. */
export function withoutVersion(request: AwsRequest): Unversioned {
  const { url, headers } = request;
  const { query } = addressOf(url);
  const source = copySourceOf(request);
  if (source?.query.has('versionId')) {
    const unversioned = String(headers['x-amz-copy-source']).replace(/\?.*$/s, '');
    return { url, headers: { ...headers, 'x-amz-copy-source': unversioned }, pinned: false };
  }
  const id = query.get('versionId');
  if (id === null) return { url, headers, pinned: false };
  query.delete('versionId');
  return {
    url: `${url.split('?', 1)[0]}?${query}`,
    headers: { ...headers, 'if-match': `"${id.replace(/^v\./, '')}"` },
    pinned: true,
  };
}

/** Whether a response has its ETag in its body: that of a copy, or of an upload in parts. */
export function hasETagInBody(request: AwsRequest): boolean {
  const { query } = addressOf(request.url);
  if (copySourceOf(request) !== undefined) return !query.has('uploadId');
  return request.method === 'POST' && query.has('uploadId');
}

/** The id of the version that a response is about, if any. */
export function versionOfAnswer(
  request: AwsRequest,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
): string | undefined {
  const { key, query } = addressOf(request.url);
  if (key === '') return undefined;
  if (hasETagInBody(request)) {
    const [, eTag] = /<ETag>(?:&quot;|")?([^<&"]+)/.exec(body) ?? [];
    return eTag === undefined ? undefined : versionIdOf(eTag);
  }
  const { etag } = headers;
  return typeof etag === 'string' && !query.has('uploadId') ? versionIdOf(etag) : undefined;
}
