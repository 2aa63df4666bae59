/**
 * A version id, if it pins a version. `null` is the version id in a bucket whose versioning is off or
 * suspended: that version can be overwritten. For it, stores and events leave the id out, or send `null` or
 * an empty string.
 */
export function pinnedVersionId(versionId: string | null | undefined): string | undefined {
  return versionId === null || versionId === '' || versionId === 'null' ? undefined : versionId;
}

/** An ETag without the quotes that HTTP puts around it, or `undefined` if there is none. */
export function plainETag(eTag: string | null | undefined): string | undefined {
  const plain = eTag?.replaceAll('"', '');
  return plain === '' ? undefined : plain;
}

/** What determines the position of one version of a key, or of one removal of it, among all others. */
export interface OrderingFacts {
  /** In a bucket with versions; for a removal, the id of its marker. The id `null` counts as absent. */
  readonly versionId?: string | undefined;
  /** The ETag, without quotes. */
  readonly eTag?: string | undefined;
  /** The sequencer of the event. */
  readonly sequencer?: string | undefined;
  /** As the store reports it. */
  readonly lastModified?: Date | undefined;
  /** When it was known to be current: the time of its event, or of a listing that showed it. */
  readonly currentAt?: Date | undefined;
}

/** What determines the position of a record: first its version, then when it was finished. */
export interface OrderedRecord {
  /** From {@link versionOrder}. */
  readonly order: string;
  /** When the job ended. */
  readonly finishedAt: Date;
  /** The id of the job. */
  readonly jobId: string;
}

/** Sorts before every character that the parts of an order can contain. */
const SEPARATOR = ' ';
const LAST_INSTANT_MS = /* @__PURE__ */ Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * The position of a version among all states of its key, removals included: of two versions, the one with the
 * greater string is newer. It is one total order, whichever facts are known about each. The string is ASCII,
 * so JavaScript, DynamoDB and `sort` compare it alike.
 *
 * - With versions: last modification, sequencer, version id. S3 makes the version current whose upload
 *   *began* last, and the last modification is that beginning; sequencers follow the order in which uploads
 *   end ("Uploading and copying objects using multipart upload", Amazon S3 User Guide). The last modification
 *   counts in whole seconds, as S3 states it, even if another source is more precise.
 * - Without versions: when it was last known to be current, sequencer, ETag. The same bytes may be uploaded
 *   again, and are newer then. That time is the one of an event or a listing, or the last modification if
 *   that is later: a late event may be about an earlier upload of the same bytes.
 * - A removal: the time of its event, its sequencer, the id of its marker.
 *
 * A fact that is missing counts as older than any.
 *
 * @example
 * versionOrder({ versionId: 'v1', sequencer: '0A10', lastModified: new Date('2026-01-01T00:00:00Z') });
 * // '2026-01-01T00:00:00.000Z 0A1 v1'
 */
export function versionOrder(facts: OrderingFacts): string {
  const { eTag = '', sequencer = '', lastModified, currentAt } = facts;
  const versionId = pinnedVersionId(facts.versionId);
  const [time, name] =
    versionId === undefined
      ? [[instant(lastModified), instant(currentAt)].sort().at(-1), eTag]
      : [instant(lastModified ?? currentAt, 1000), versionId];
  return [time, comparableSequencer(sequencer), ascii(name)].join(SEPARATOR);
}

/**
 * The position of a record among all records of its key, as a string that compares like that of
 * {@link versionOrder}. Records of one version differ in their options: the one counted last is the newest.
 */
export function recordOrder({ order, finishedAt, jobId }: OrderedRecord): string {
  return [order, instant(finishedAt), ascii(jobId)].join(SEPARATOR);
}

/**
 * A sequencer in a form that compares as a string. S3 says to pad the shorter one with zeros on the right, so
 * trailing zeros mean nothing ("Event message structure", Amazon S3 User Guide).
 */
export function comparableSequencer(sequencer: string): string {
  return sequencer.toUpperCase().replace(/(?<!0)0+$/, '');
}

/** A time as a string of fixed width. Years that ISO 8601 writes with a sign would not compare correctly. */
function instant(time: Date | undefined, unitMs = 1): string {
  const ms = time?.getTime() ?? Number.NaN;
  if (Number.isNaN(ms)) return '';
  const whole = Math.floor(ms / unitMs) * unitMs;
  return new Date(Math.min(Math.max(0, whole), LAST_INSTANT_MS)).toISOString();
}

/** Version ids, ETags and job ids are ASCII; what an event claims to be one may be anything. */
function ascii(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
}
