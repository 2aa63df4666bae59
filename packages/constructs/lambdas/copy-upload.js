/**
 * The copy Lambda in a form that fits into a template, for accounts without a bootstrap bucket for assets. It
 * uses the AWS SDK of Lambda's runtime; bundled with the rules and minified, it may have 4,096 characters. It
 * copies like the packaged Lambda: once, never an older version over a newer one, marked with the source; its
 * dead letters have a reason. Two things are missing, because they would take too much code: it refuses
 * objects above 5 GB, and it has no metrics. Why there are two: docs/decisions/0013-an-inline-copy-lambda.md.
 */
import {
  comparableSequencer,
  decodeListedKey,
  isTextKey,
  metadataOfCopy,
  pinnedVersionId,
} from '@org/wordfreq-aws-adapters/rules';

const { S3 } = require('@aws-sdk/client-s3');
const { SQS } = require('@aws-sdk/client-sqs');
const env = process.env;
const to = env.PROCESSING_BUCKET;
const from = env.UPLOADING_BUCKET;
const dead = env.DEAD_LETTER_QUEUE_URL;
const s3 = new S3({ forcePathStyle: env.S3_FORCE_PATH_STYLE === 'true' });
const sqs = new SQS({});
// Not console.log, which puts text before the JSON.
const log = (level, message, facts) =>
  process.stdout.write(`${JSON.stringify({ level, message, service: 'wordfreq-copy', ...facts })}\n`);
// An error that no retry will fix.
const never = (reason, text) => Object.assign(new Error(text), { reason });

// Arrays of [bucket, key, version, sequencer], because property names are not minified.
function announced(event) {
  if (event.Event === 's3:TestEvent') return [];
  if (event.source === 'aws.s3') {
    // An existing rule may match more.
    if (!/^Object (Created|Restore Completed)$/.test(event['detail-type'])) return [];
    const { bucket, object } = event.detail;
    return [[bucket.name, object.key, object['version-id'], object.sequencer]];
  }
  if (!Array.isArray(event.Records)) throw never('unknown-shape', 'Expected an event of S3.');
  return event.Records.filter((r) => /^Object(Created:|Restore:Completed)/.test(r.eventName)).map(
    ({ s3: { bucket, object } }) => [
      bucket.name,
      decodeListedKey(object.key, 'url'),
      object.versionId,
      object.sequencer,
    ],
  );
}

function skipped(bucket, key) {
  if (bucket === to || (from && bucket !== from)) return 'skipped:bucket-not-allowed';
  if (key.endsWith('/')) return 'skipped:folder-marker';
  if (!key.startsWith(env.COPY_PREFIX || '')) return 'skipped:prefix';
  if (!isTextKey(key, env.COPY_SUFFIX ?? '.txt')) return 'skipped:suffix';
}

const head = (Bucket, Key, VersionId) => s3.headObject({ Bucket, Key, VersionId });
const isGone = ({ name }) => /^No(tFound|SuchKey|SuchVersion)$/.test(name);

// What a copy keeps of its source, in ASCII, because other headers cannot be signed.
const KEPT = 'ContentType,ContentEncoding,ContentDisposition,ContentLanguage,CacheControl,Expires'.split(',');

async function copy(bucket, key, version, sequencer) {
  const why = skipped(bucket, key);
  if (why) return why;
  try {
    const source = await head(bucket, key, pinnedVersionId(version));
    if (source.ContentLength > 5 * 1024 ** 3)
      throw never('object-too-large', 'Above 5 GB only the packaged Lambda copies.');
    const VersionId = pinnedVersionId(source.VersionId);
    const mark = { 'source-bucket': bucket, 'source-etag': source.ETag.replace(/\x22/g, '') };
    if (VersionId) mark['source-version-id'] = VersionId;
    const there = await head(to, key).then(
      (r) => r.Metadata,
      (error) => {
        if (isGone(error)) return {};
        throw error;
      },
    );
    const same = (name) => there[`source-${name}`] === mark[`source-${name}`];
    const done = same('bucket') && same('etag') && (!VersionId || same('version-id'));
    const theirs = there['source-sequencer'];
    if (sequencer) {
      if (!done && theirs && same('bucket') && comparableSequencer(theirs) > comparableSequencer(sequencer))
        return 'skipped:superseded';
      mark['source-sequencer'] = sequencer;
    }
    const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    if (!done)
      await s3.copyObject({
        ...Object.fromEntries(KEPT.map((name) => [name, source[name]]).filter(([, v]) => !/[^ -~]/.test(v))),
        Bucket: to,
        Key: key,
        CopySourceIfMatch: source.ETag,
        MetadataDirective: 'REPLACE',
        CopySource: path + (VersionId ? `?versionId=${encodeURIComponent(VersionId)}` : ''),
        Metadata: Object.fromEntries(
          metadataOfCopy(new Map(Object.entries(source.Metadata || {})), new Map(Object.entries(mark))),
        ),
      });
    // Another invocation may have copied a newer upload meanwhile: whoever copies last looks last.
    const now = await head(bucket, key);
    if (now.ETag !== source.ETag) await copy(bucket, key);
    return done ? 'already-copied' : 'copied';
  } catch (error) {
    if (isGone(error)) return 'gone';
    if (error.name === 'PreconditionFailed') return 'skipped:overwritten';
    throw error;
  }
}

async function handle(event, messageId) {
  for (const object of announced(event)) {
    const [bucket, key] = object;
    log('INFO', 'upload handled', { messageId, outcome: await copy(...object), bucket, key });
  }
}

// Permanent failures, and those at the last receive, before the queue would move the message without a
// reason.
async function giveUp({ messageId, body, attributes }, error) {
  const reason = { SyntaxError: 'not-json', InvalidObjectState: 'archived' }[error.name] || error.reason;
  if (!dead || (!reason && +attributes.ApproximateReceiveCount < +env.MAX_RECEIVES)) throw error;
  const told = {
    reasonCode: reason || 'attempts-exhausted',
    reasonDetail: String(error).slice(0, 1024),
    quarantinedAt: new Date().toISOString(),
    originalMessageId: messageId,
  };
  const MessageAttributes = {};
  for (const name in told) MessageAttributes[name] = { DataType: 'String', StringValue: told[name] };
  await sqs.sendMessage({ QueueUrl: dead, MessageBody: body, MessageAttributes });
}

exports.handler = async (event) => {
  const batch = Array.isArray(event.Records) && event.Records[0]?.eventSource === 'aws:sqs';
  if (!batch) return handle(event);
  const batchItemFailures = [];
  for (const record of event.Records) {
    const { messageId, body } = record;
    try {
      await handle(JSON.parse(body), messageId);
    } catch (error) {
      log('ERROR', 'upload failed', { messageId, errorCode: error.name, error: String(error) });
      await giveUp(record, error).catch(() => batchItemFailures.push({ itemIdentifier: messageId }));
    }
  }
  return { batchItemFailures };
};
