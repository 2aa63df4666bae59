import * as v from 'valibot';
import type { EventProblem, ObjectEvent, ObjectVersion } from '../ports/index.ts';
import { pinnedVersionId, plainETag } from '../rules/index.ts';

/** A part of a job's identity: bucket, version id or ETag. Keys have a rule of their own. */
export const withoutNul: v.GenericSchema<string> = v.pipe(
  v.string(),
  v.regex(/^[^\0]*$/, 'expected a text without NUL'),
);

/** The result of reading one layer of an announcement. */
export type Reading =
  | { readonly ok: true; readonly events: readonly ObjectEvent[] }
  | { readonly ok: false; readonly reason: EventProblem; readonly detail: string };

/** A layer that cannot be understood. */
export function problem(reason: EventProblem, detail: string): Reading {
  return { ok: false, reason, detail };
}

/**
 * Joins the readings of several records. One bad record of several becomes an `invalid` event, so that the
 * good ones are not lost; when nothing at all is understood, the whole is a problem.
 */
export function joinReadings(readings: readonly Reading[]): Reading {
  const [first] = readings;
  if (first !== undefined && !first.ok && readings.every((reading) => !reading.ok)) return first;
  return {
    ok: true,
    events: readings.flatMap((reading): readonly ObjectEvent[] =>
      reading.ok ? reading.events : [{ kind: 'invalid', reason: reading.reason, detail: reading.detail }],
    ),
  };
}

/** Builds an object version from the fields of an event, without those that pin nothing. */
export function objectVersion(
  bucket: string,
  key: string,
  versionId: string | null | undefined,
  eTag: string | null | undefined,
): ObjectVersion {
  const pinned = pinnedVersionId(versionId);
  const plain = plainETag(eTag);
  return {
    bucket,
    key,
    ...(pinned === undefined ? {} : { versionId: pinned }),
    ...(plain === undefined ? {} : { eTag: plain }),
  };
}

/**
 * Optional facts: those that are missing, null or malformed are omitted instead of refusing the event. Some
 * stores send sizes as strings, and times without a zone, which are UTC.
 */
export function optionalFacts(facts: {
  readonly sequencer: unknown;
  readonly time: unknown;
  readonly sizeBytes: unknown;
}): { sequencer?: string; eventTime?: Date; sizeBytes?: number } {
  const { sequencer } = facts;
  const eventTime = timeOf(facts.time);
  const sizeBytes = sizeOf(facts.sizeBytes);
  return {
    // S3 states no length; none in use is half as long.
    ...(typeof sequencer === 'string' && /^[0-9A-Fa-f]{1,64}$/.test(sequencer) ? { sequencer } : {}),
    ...(eventTime === undefined ? {} : { eventTime }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}

function timeOf(time: unknown): Date | undefined {
  if (typeof time !== 'string') return undefined;
  const date = new Date(/(Z|[+-]\d\d:?\d\d)$/i.test(time) ? time : `${time}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

function sizeOf(size: unknown): number | undefined {
  const bytes = typeof size === 'string' && /^\d{1,16}$/.test(size) ? Number(size) : size;
  return Number.isSafeInteger(bytes) && (bytes as number) >= 0 ? (bytes as number) : undefined;
}
