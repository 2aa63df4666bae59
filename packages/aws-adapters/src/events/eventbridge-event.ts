import * as v from 'valibot';
import { checkKey, excerpt, KEY_FORM } from '../rules/index.ts';
import { objectVersion, optionalFacts, problem, type Reading, withoutNul } from './reading.ts';
import { issueOf, shaped } from './s3-record.ts';

/** The envelope; `detail` is read only for the event types that matter. */
const EnvelopeSchema = v.object({
  source: v.literal('aws.s3'),
  'detail-type': v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  time: v.optional(v.unknown()),
  detail: v.unknown(),
});

const DetailSchema = v.object({
  version: v.nullish(v.string(), '0'),
  bucket: v.object({ name: v.pipe(withoutNul, v.nonEmpty(), v.maxLength(255)) }),
  object: v.object({
    key: v.string(),
    size: v.optional(v.unknown()),
    etag: v.nullish(withoutNul),
    'version-id': v.nullish(withoutNul),
    sequencer: v.optional(v.unknown()),
  }),
  reason: v.nullish(v.string()),
  'deletion-type': v.nullish(v.string()),
});

/** The types that matter. A restored object can be read again, so it is treated like a new one. */
const KIND_OF_TYPE: ReadonlyMap<string, 'created' | 'removed'> = new Map([
  ['Object Created', 'created'],
  ['Object Restore Completed', 'created'],
  ['Object Deleted', 'removed'],
]);

/** S3's own event name for each reason of EventBridge. */
const CREATED_BY: ReadonlyMap<string, string> = new Map([
  ['PutObject', 'Put'],
  ['POST Object', 'Post'],
  ['CopyObject', 'Copy'],
  ['CompleteMultipartUpload', 'CompleteMultipartUpload'],
]);

/** Whether something looks like an event of S3 that EventBridge delivers. */
export function isEventBridgeEvent(value: object): boolean {
  return 'detail-type' in value && 'source' in value;
}

/**
 * Reads an S3 event in EventBridge's form. Unlike everywhere else, the key in it is literal: a `+` is a plus.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function readEventBridgeEvent(value: unknown): Reading {
  const envelope = v.safeParse(EnvelopeSchema, value);
  if (!envelope.success) {
    return problem('unknown-shape', `Expected an S3 event from EventBridge: ${issueOf(envelope.issues)}.`);
  }
  const type = envelope.output['detail-type'];
  const kind = KIND_OF_TYPE.get(type);
  if (kind === undefined) return { ok: true, events: [{ kind: 'ignored', eventName: excerpt(type) }] };
  const detail = v.safeParse(DetailSchema, envelope.output.detail);
  if (!detail.success) {
    return problem('unknown-shape', `Expected the detail of an S3 event: ${issueOf(detail.issues)}.`);
  }
  return toEvent(kind, type, detail.output, envelope.output.time);
}

function toEvent(
  kind: 'created' | 'removed',
  type: string,
  detail: v.InferOutput<typeof DetailSchema>,
  time: unknown,
): Reading {
  if (!/^0(\.\d+)?$/.test(detail.version)) {
    const came = excerpt(detail.version, 20);
    return problem('unsupported-version', `Expected version 0 of the detail of an S3 event, got "${came}".`);
  }
  const key = checkKey(detail.object.key);
  if (key === undefined) {
    const came = excerpt(detail.object.key, 100);
    return problem('bad-key', `Expected a key of ${KEY_FORM}, got "${came}".`);
  }
  const { size, etag, sequencer } = detail.object;
  const object = objectVersion(detail.bucket.name, key, detail.object['version-id'], etag);
  const facts = optionalFacts({ sequencer, time, sizeBytes: size });
  return { ok: true, events: [shaped(kind, object, eventNameOf(type, detail), facts)] };
}

function eventNameOf(type: string, detail: v.InferOutput<typeof DetailSchema>): string {
  if (type === 'Object Restore Completed') return 'ObjectRestore:Completed';
  if (type === 'Object Created') {
    const reason = detail.reason ?? 'Put';
    return `ObjectCreated:${CREATED_BY.get(reason) ?? excerpt(reason, 60)}`;
  }
  const marked = detail['deletion-type'] === 'Delete Marker Created';
  return marked ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectRemoved:Delete';
}
