/**
 * The copy Lambda in one string, for accounts without a bootstrap bucket for assets: CommonJS, on the AWS SDK that Lambda's runtime has.
 * CloudFormation allows 4,096 characters. It copies as the packaged Lambda does: once, never an older state over a newer one,
 * marked with its source. It does less only where that takes code: objects above 5 GB are refused, and there are no metrics.
 */
export const COPY_UPLOAD_SOURCE: string = `'use strict';
const { S3Client, CopyObjectCommand, HeadObjectCommand } = require('@aws-sdk/client-s3');
const env = process.env;
const to = env.PROCESSING_BUCKET;
const from = env.UPLOADING_BUCKET;
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
    return [{ bucket: bucket.name, key: object.key, version: object['version-id'], sequencer: object.sequencer }];
  }
  if (!Array.isArray(event.Records)) throw new Error('Expected an announcement of S3 or EventBridge.');
  return event.Records.filter((r) => /^ObjectCreated:/.test(r.eventName)).map(({ s3: { bucket, object } }) => ({
    bucket: bucket.name, key: decode(object.key), version: object.versionId, sequencer: object.sequencer,
  }));
}

function skipped({ bucket, key }) {
  if (bucket === to || (from && bucket !== from)) return 'skipped:bucket-not-allowed';
  if (key.endsWith('/')) return 'skipped:folder-marker';
  if (!key.startsWith(env.COPY_PREFIX || '')) return 'skipped:prefix';
  if (!key.endsWith(env.COPY_SUFFIX === undefined ? '.txt' : env.COPY_SUFFIX)) return 'skipped:suffix';
}

const head = (Bucket, Key, VersionId) => s3.send(new HeadObjectCommand({ Bucket, Key, VersionId }));
const isGone = ({ name }) => ['NotFound', 'NoSuchKey', 'NoSuchVersion'].includes(name);

async function copy(object) {
  const why = skipped(object);
  if (why) return why;
  const { bucket, key, version, sequencer } = object;
  try {
    const source = await head(bucket, key, version === 'null' ? undefined : version);
    if (source.ContentLength > MAX) throw new Error('Expected at most 5 GB: larger objects need the packaged Lambda.');
    const VersionId = source.VersionId === 'null' ? undefined : source.VersionId;
    const mark = { 'source-bucket': bucket, 'source-etag': source.ETag.replace(/"/g, '') };
    if (VersionId) mark['source-version-id'] = VersionId;
    const there = await head(to, key).then((r) => r.Metadata, (error) => {
      if (isGone(error)) return {};
      throw error;
    });
    const same = (name) => there['source-' + name] === mark['source-' + name];
    if (['bucket', 'etag', 'version-id'].every(same)) return 'already-copied';
    const theirs = there['source-sequencer'];
    if (sequencer) {
      // Sequencers compare as strings of one length, padded with zeros.
      const order = (s) => s.toUpperCase().padEnd(64, '0');
      if (theirs && same('bucket') && order(theirs) > order(sequencer)) return 'skipped:superseded';
      mark['source-sequencer'] = sequencer;
    }
    const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    const { ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl } = source;
    await s3.send(new CopyObjectCommand({
      Bucket: to, Key: key, CopySourceIfMatch: source.ETag, MetadataDirective: 'REPLACE',
      CopySource: path + (VersionId ? '?versionId=' + encodeURIComponent(VersionId) : ''),
      Metadata: { ...source.Metadata, ...mark },
      ContentType, ContentEncoding, ContentDisposition, ContentLanguage, CacheControl,
    }));
    return 'copied';
  } catch (error) {
    if (isGone(error)) return 'gone';
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
