/**
 * A version id, if it pins a version. `null` is the version of a bucket whose versioning is off or suspended: it can be overwritten.
 * Stores and events leave an id out, say `null`, or send an empty text.
 */
export function pinnedVersionId(versionId: string | null | undefined): string | undefined {
  return versionId === null || versionId === '' || versionId === 'null' ? undefined : versionId;
}

/** An ETag without the quotes that HTTP puts around it, if there is one. */
export function plainETag(eTag: string | null | undefined): string | undefined {
  const plain = eTag?.replaceAll('"', '');
  return plain === '' ? undefined : plain;
}

/** What orders one version of a key, or one removal of it, among all the others. */
export interface OrderingFacts {
  /** Of a bucket with versions; of a removal, the id of its marker. The id `null` pins nothing and counts as absent. */
  readonly versionId?: string | undefined;
  readonly eTag?: string | undefined;
  readonly sequencer?: string | undefined;
  /** As the store has it. */
  readonly lastModified?: Date | undefined;
  /** When it was known to be the current state of its key: the time of its event, or of a listing that showed it. */
  readonly currentAt?: Date | undefined;
}

/** What orders a record: its version first, then the options that it was counted with. */
export interface OrderedRecord {
  /** From {@link versionOrder}. */
  readonly order: string;
  readonly finishedAt: Date;
  readonly jobId: string;
}

/** Sorts before everything that the parts of an order can hold. */
const SEPARATOR = ' ';
const LAST_INSTANT_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Where a version stands among all states of its key, removals included: of two versions, the one with the greater string is the newer.
 * One total order, whichever facts are known of each. The string is ASCII, so JavaScript, DynamoDB and `sort` compare it alike.
 *
 * - With versions: last modification, sequencer, version id. S3 makes the version current whose upload *began* last, and the last
 *   modification is that beginning; sequencers come in the order in which uploads end ("Uploading and copying objects using multipart
 *   upload", Amazon S3 User Guide). In whole seconds, as S3 states it, whatever else knows more exactly.
 * - Without versions: when it was last known to be current, sequencer, ETag. The same bytes may come again, and are newer then. That is the
 *   time of an event or a listing, or the last modification if that is later: an event that is late may be of an earlier upload of them.
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
 * Where a record stands among all records of its key, as one string that compares as {@link versionOrder} does. Records of one version
 * differ in their options: the one that was counted last is the newest.
 */
export function recordOrder({ order, finishedAt, jobId }: OrderedRecord): string {
  return [order, instant(finishedAt), ascii(jobId)].join(SEPARATOR);
}

/**
 * A sequencer in a form that compares as a string. S3 asks to pad the shorter one with zeros on the right, so zeros at the end say
 * nothing ("Event message structure", Amazon S3 User Guide).
 */
export function comparableSequencer(sequencer: string): string {
  return sequencer.toUpperCase().replace(/(?<!0)0+$/, '');
}

/** Of fixed width. Years that ISO 8601 writes with a sign would not compare. */
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
