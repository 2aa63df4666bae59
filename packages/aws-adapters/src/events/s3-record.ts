import * as v from 'valibot';
import type { ObjectEvent } from '../ports/index.ts';
import { decodeFormKey, excerpt, KEY_FORM } from '../rules/index.ts';
import { objectVersion, optionalFacts, problem, type Reading, withoutNul } from './reading.ts';

const VersionSchema = v.object({ eventVersion: v.pipe(v.string(), v.regex(/^\d{1,4}\.\d{1,4}$/)) });

/**
 * The major versions of records that are read. S3's own are 2.x. Scality's say 1.0 and have the same members;
 * S3 itself never sent another structure under that number.
 */
const READABLE_MAJORS: ReadonlySet<string> = new Set(['1', '2']);

/**
 * What this package needs of a record; S3 adds members within a major version, so others are let through. A
 * member that is null counts as absent, and no record is refused for what only helps: see
 * {@link optionalFacts}.
 */
const RecordSchema = v.object({
  // Ceph, MinIO and Scality put their own names before the colon.
  eventSource: v.pipe(v.string(), v.regex(/^[a-z]+:s3$/)),
  eventName: v.pipe(v.string(), v.nonEmpty(), v.maxLength(200)),
  eventTime: v.optional(v.unknown()),
  s3: v.object({
    bucket: v.object({ name: v.pipe(withoutNul, v.nonEmpty(), v.maxLength(255)) }),
    object: v.object({
      key: v.string(),
      size: v.optional(v.unknown()),
      eTag: v.nullish(withoutNul),
      versionId: v.nullish(withoutNul),
      sequencer: v.optional(v.unknown()),
    }),
  }),
});

/**
 * Reads one record of S3's own `Records[]` JSON. Any minor version of a major version that is known is
 * accepted, as AWS requires of readers.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function readS3Record(value: unknown): Reading {
  const version = v.safeParse(VersionSchema, value);
  if (!version.success)
    return problem('unknown-shape', `Expected an S3 event record: ${issueOf(version.issues)}.`);
  const { eventVersion } = version.output;
  if (!READABLE_MAJORS.has(eventVersion.split('.', 1)[0] ?? '')) {
    const known = [...READABLE_MAJORS].map((major) => `${major}.x`).join(' or ');
    return problem(
      'unsupported-version',
      `Expected eventVersion ${known} of an S3 event, got ${eventVersion}.`,
    );
  }
  const record = v.safeParse(RecordSchema, value);
  if (!record.success)
    return problem('unknown-shape', `Expected an S3 event record: ${issueOf(record.issues)}.`);
  return toEvent(record.output);
}

/** The first issue of a schema, with the path to the value. */
export function issueOf(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]): string {
  const [issue] = issues;
  const path = issue.path?.map(({ key }) => String(key)).join('.') ?? '';
  return excerpt(path === '' ? issue.message : `${path}: ${issue.message}`, 160);
}

function toEvent({ eventName, eventTime, s3 }: v.InferOutput<typeof RecordSchema>): Reading {
  const name = eventName.replace(/^s3:/, '');
  const kind = kindOf(name);
  if (kind === 'ignored') return { ok: true, events: [{ kind, eventName: excerpt(name) }] };
  const key = decodeFormKey(s3.object.key);
  if (key === undefined) {
    const came = excerpt(s3.object.key, 100);
    return problem('bad-key', `Expected a URL-encoded key of ${KEY_FORM}, got "${came}".`);
  }
  const { versionId, eTag, sequencer, size } = s3.object;
  const object = objectVersion(s3.bucket.name, key, versionId, eTag);
  const facts = optionalFacts({ sequencer, time: eventTime, sizeBytes: size });
  return { ok: true, events: [shaped(kind, object, excerpt(name), facts)] };
}

/** Builds an event with exactly the facts that its kind has. */
export function shaped(
  kind: 'created' | 'removed',
  object: ReturnType<typeof objectVersion>,
  eventName: string,
  facts: ReturnType<typeof optionalFacts>,
): ObjectEvent {
  if (kind === 'created') return { kind, object, eventName, ...facts };
  const { sizeBytes: _, ...rest } = facts;
  return { kind, object, eventName, ...rest };
}

function kindOf(eventName: string): 'created' | 'removed' | 'ignored' {
  // A restored object can be read at last: it comes in again as if it were new.
  if (eventName.startsWith('ObjectCreated:') || eventName === 'ObjectRestore:Completed') return 'created';
  return /^(ObjectRemoved|LifecycleExpiration):/.test(eventName) ? 'removed' : 'ignored';
}
