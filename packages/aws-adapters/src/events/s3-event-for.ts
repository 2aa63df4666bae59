import type { ObjectVersion } from '../ports/index.ts';
import { encodeFormKey } from '../rules/index.ts';

/** A created object that is to be announced. */
export interface CreatedObject {
  /** The object that was created. */
  readonly object: ObjectVersion;
  /** Its size. */
  readonly sizeBytes: number;
  /** When it was created. */
  readonly at: Date;
  /** How it was created. Default: `ObjectCreated:Put`. */
  readonly eventName?: string;
  /** Orders events of one key. Omit it if you have none that only grows. */
  readonly sequencer?: string;
  /** Default: `us-east-1`. */
  readonly region?: string;
}

/** One record of S3's own event JSON, with the members that readers use. */
export interface S3EventRecord {
  /** The version of the format, such as `2.1`. */
  readonly eventVersion: string;
  /** The service that sent the event. */
  readonly eventSource: 'aws:s3';
  /** The bucket's region. */
  readonly awsRegion: string;
  /** When it happened, in ISO 8601. */
  readonly eventTime: string;
  /** What happened, such as `ObjectCreated:Put`. */
  readonly eventName: string;
  /** The bucket and the object; `key` is form-encoded. */
  readonly s3: {
    readonly s3SchemaVersion: '1.0';
    readonly bucket: { readonly name: string; readonly arn: string };
    readonly object: {
      /** Form-encoded. */
      readonly key: string;
      readonly size: number;
      readonly eTag?: string;
      readonly versionId?: string;
      readonly sequencer?: string;
    };
  };
}

/** S3's own event JSON. */
export interface S3Event {
  /** The records: one or more. */
  readonly Records: readonly S3EventRecord[];
}

/**
 * Renders S3's own event for created objects, as S3 sends it to SQS, SNS and Lambda: for backfills, for
 * bridges from stores that announce nothing, and for tests. `parseAnnouncement` reads it back unchanged.
 *
 * @example
 * const body = JSON.stringify(s3EventFor({ object: info, sizeBytes: info.sizeBytes, at: info.lastModified }));
 */
export function s3EventFor(...created: readonly CreatedObject[]): S3Event {
  return { Records: created.map(toRecord) };
}

function toRecord(created: CreatedObject): S3EventRecord {
  const { object, sizeBytes, at, sequencer } = created;
  const { bucket, key, eTag, versionId } = object;
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: created.region ?? 'us-east-1',
    eventTime: at.toISOString(),
    eventName: created.eventName ?? 'ObjectCreated:Put',
    s3: {
      s3SchemaVersion: '1.0',
      bucket: { name: bucket, arn: `arn:aws:s3:::${bucket}` },
      object: {
        key: encodeFormKey(key),
        size: sizeBytes,
        ...(eTag === undefined ? {} : { eTag }),
        ...(versionId === undefined ? {} : { versionId }),
        ...(sequencer === undefined ? {} : { sequencer }),
      },
    },
  };
}
