import type { EventProblem, ObjectEvent, ObjectVersion } from '../ports/index.ts';
import { pinnedVersionId, plainETag } from '../rules/index.ts';

/** What one layer of an announcement turned out to be. */
export type Reading =
  | { readonly ok: true; readonly events: readonly ObjectEvent[] }
  | { readonly ok: false; readonly reason: EventProblem; readonly detail: string };

/** A layer that cannot be understood. */
export function problem(reason: EventProblem, detail: string): Reading {
  return { ok: false, reason, detail };
}

/**
 * Joins the readings of several records. One bad record of several becomes an `invalid` event, so that the good ones
 * are not lost; when nothing at all is understood, the whole is a problem.
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

/** Puts an object version together from what an event says, leaving out what pins nothing. */
export function objectVersion(
  bucket: string,
  key: string,
  versionId: string | undefined,
  eTag: string | undefined,
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

/** Facts that help but that no event is refused for. */
export function optionalFacts(facts: {
  sequencer?: string | undefined;
  time?: string | undefined;
  sizeBytes?: number | undefined;
}): { sequencer?: string; eventTime?: Date; sizeBytes?: number } {
  const { sequencer, time, sizeBytes } = facts;
  const eventTime = time === undefined ? undefined : new Date(time);
  return {
    ...(sequencer === undefined || !/^[0-9A-Fa-f]+$/.test(sequencer) ? {} : { sequencer }),
    ...(eventTime === undefined || Number.isNaN(eventTime.getTime()) ? {} : { eventTime }),
    ...(sizeBytes === undefined ? {} : { sizeBytes }),
  };
}
