/**
 * The copy Lambda in one string, for accounts without a bootstrap bucket for assets: CommonJS, on the AWS SDK that Lambda's runtime has.
 * CloudFormation allows 4,096 characters. It does less than the packaged Lambda: objects above 5 GB are refused, and a copy
 * that is there already is made again, which later stages tell by the object's ETag.
 */
export const COPY_UPLOAD_SOURCE: string = `'use strict';
const { S3Client, CopyObjectCommand, HeadObjectCommand } = require('@aws-sdk/client-s3');
const env = process.env;
const to = env.PROCESSING_BUCKET;
const from = new Set((env.UPLOADING_BUCKET || '').split(',').map((s) => s.trim()).filter(Boolean));
const s3 = new S3Client({ forcePathStyle: env.S3_FORCE_PATH_STYLE === 'true' });
// Not console.log, which puts text before the JSON.
const log = (level, message, facts) => process.stdout.write(JSON.stringify({ level, message, ...facts }) + '\\n');
// Keys are form-encoded in S3's own events, and literal in EventBridge's.
const decode = (key) => decodeURIComponent(key.replace(/\\+/g, ' '));
const MAX = 5 * 1024 ** 3;

function announced(event) {
  if (event.Event === 's3:TestEvent') return [];
  if (event.source === 'aws.s3') {
    const { bucket, object } = event.detail;
    return [{ bucket: bucket.name, key: object.key, version: object['version-id'], eTag: object.etag }];
  }
  if (!Array.isArray(event.Records)) throw new Error('Expected an announcement of S3 or EventBridge.');
  return event.Records.filter((r) => /^ObjectCreated:/.test(r.eventName)).map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name, key: decode(object.key), version: object.versionId, eTag: object.eTag,
  }));
}

function skipped({ bucket, key }) {
  if (bucket === to || (from.size > 0 && !from.has(bucket))) return 'skipped:bucket-not-allowed';
  if (key.endsWith('/')) return 'skipped:folder-marker';
  if (!key.startsWith(env.COPY_PREFIX || '')) return 'skipped:prefix';
  if (!key.endsWith(env.COPY_SUFFIX === undefined ? '.txt' : env.COPY_SUFFIX)) return 'skipped:suffix';
}

async function copy(object) {
  const why = skipped(object);
  if (why) return why;
  const { bucket, key, version, eTag } = object;
  const VersionId = version && version !== 'null' ? version : undefined;
  try {
    const head = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId }));
    if (head.ContentLength > MAX) throw new Error('Expected at most 5 GB; deploy the packaged Lambda for larger objects.');
    const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    await s3.send(new CopyObjectCommand({
      Bucket: to, Key: key,
      CopySource: path + (VersionId ? '?versionId=' + encodeURIComponent(VersionId) : ''),
      CopySourceIfMatch: eTag ? '"' + eTag.replace(/"/g, '') + '"' : head.ETag,
    }));
    return 'copied';
  } catch (error) {
    if (['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(error.name)) return 'gone';
    if (error.name === 'PreconditionFailed') return 'skipped:overwritten';
    throw error;
  }
}

async function handle(event, messageId) {
  for (const object of announced(event)) {
    const outcome = await copy(object);
    log('INFO', 'upload handled', { messageId, outcome, bucket: object.bucket, key: object.key });
  }
}

exports.handler = async (event) => {
  const batch = Array.isArray(event.Records) && event.Records[0]?.eventSource === 'aws:sqs';
  if (!batch) return handle(event);
  const batchItemFailures = [];
  for (const { messageId, body } of event.Records) {
    try {
      await handle(JSON.parse(body), messageId);
    } catch (error) {
      log('ERROR', 'upload failed', { messageId, error: String(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
};
`;
