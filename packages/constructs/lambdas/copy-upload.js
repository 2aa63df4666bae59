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

// Events of S3, and what EventBridge calls them.
const CREATED = /^Object ?(Created|Restore.Completed)/;

// Arrays of [bucket, key, version, sequencer], because property names are not minified.
function announced(event) {
  if (event.Event === 's3:TestEvent') return [];
  if (event.source === 'aws.s3') {
    // An existing rule may match more.
    if (!CREATED.test(event['detail-type'])) return [];
    const { bucket, object } = event.detail;
    return [[bucket.name, object.key, object['version-id'], object.sequencer]];
  }
  if (!Array.isArray(event.Records)) throw never('unknown-shape', 'Expected an event of S3.');
  return event.Records.filter((r) => CREATED.test(r.eventName)).map(({ s3: { bucket, object } }) => [
    bucket.name,
    decodeListedKey(object.key, 'url'),
    object.versionId,
    object.sequencer,
  ]);
}

function skipped(bucket, key) {
  if (bucket === to || (from && bucket !== from)) return 'skipped:bucket-not-allowed';
  if (key.endsWith('/')) return 'skipped:folder-marker';
  if (!key.startsWith(env.COPY_PREFIX || '')) return 'skipped:prefix';
  if (!isTextKey(key, env.COPY_SUFFIX ?? '.txt')) return 'skipped:suffix';
}

const head = (Bucket, Key, VersionId) => s3.headObject({ Bucket, Key, VersionId });
const mapOf = (object) => new Map(Object.entries(object));
const GONE = /^No(tFound|SuchKey|SuchVersion)$/;
// Undefined instead of an error with such a name.
const unless = (name, call) =>
  call.catch((error) => {
    if (!name.test(error.name)) throw error;
  });

// What a copy keeps of its source, in ASCII, because other headers cannot be signed.
const KEPT = 'ContentType,ContentEncoding,ContentDisposition,ContentLanguage,CacheControl,Expires'.split(',');

async function copy(bucket, key, version, sequencer) {
  const why = skipped(bucket, key);
  if (why) return why;
  try {
    const wanted = pinnedVersionId(version);
    const now = await unless(wanted ? /./ : /^$/, head(bucket, key));
    const isNewest = !wanted || now?.VersionId === wanted;
    const source = isNewest ? now : await head(bucket, key, wanted);
    if (source.ContentLength > 5 * 1024 ** 3)
      throw never('object-too-large', 'Above 5 GB only the packaged Lambda copies.');
    const VersionId = pinnedVersionId(source.VersionId);
    const mark = { 'source-bucket': bucket, 'source-etag': source.ETag.replace(/\x22/g, '') };
    if (VersionId) mark['source-version-id'] = VersionId;
    if (sequencer) mark['source-sequencer'] = sequencer;
    const path = [bucket, ...key.split('/')].map(encodeURIComponent).join('/');
    const put = (IfNoneMatch) =>
      s3.copyObject({
        ...Object.fromEntries(KEPT.map((name) => [name, source[name]]).filter(([, v]) => !/[^ -~]/.test(v))),
        Bucket: to,
        Key: key,
        IfNoneMatch,
        ChecksumAlgorithm: 'CRC32',
        CopySourceIfMatch: source.ETag,
        MetadataDirective: 'REPLACE',
        // S3 makes version ids of characters that need no encoding.
        CopySource: path + (VersionId ? `?versionId=${VersionId}` : ''),
        Metadata: Object.fromEntries(metadataOfCopy(mapOf(source.Metadata || {}), mapOf(mark))),
      });
    // Where nothing has been copied yet, nothing newer can be replaced.
    if (isNewest && (await unless(/^(Preco|NotI)/, put('*')))) return 'copied';
    const there = (await unless(GONE, head(to, key)))?.Metadata || {};
    const same = (name, full = `source-${name}`) => there[full] === mark[full];
    const done = same('bucket') && same('etag') && (!VersionId || same('version-id'));
    const theirs = there['source-sequencer'];
    if (!done) {
      if (
        sequencer &&
        theirs &&
        same('bucket') &&
        comparableSequencer(theirs) > comparableSequencer(sequencer)
      )
        return 'skipped:superseded';
      await put();
    }
    // Another invocation may have copied a newer upload meanwhile: whoever copies last looks last.
    if ((await head(bucket, key)).ETag !== source.ETag) await copy(bucket, key);
    return done ? 'already-copied' : 'copied';
  } catch (error) {
    if (GONE.test(error.name)) return 'gone';
    if (error.name === 'PreconditionFailed') return 'skipped:overwritten';
    throw error;
  }
}

async function handle(event, messageId) {
  for (const [bucket, key, ...version] of announced(event))
    log('INFO', 'upload handled', { messageId, outcome: await copy(bucket, key, ...version), bucket, key });
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
  if (event.Records?.[0]?.eventSource !== 'aws:sqs') return handle(event);
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
