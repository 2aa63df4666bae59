import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import { parseAnnouncement } from '@org/wordfreq-aws-adapters/events';
import type {
  DeadLetter,
  DeadLetterQueue,
  JobQueue,
  JobSender,
  ObjectVersion,
} from '@org/wordfreq-aws-adapters/ports';
import {
  announcedObjects,
  messagesIn,
  announcedObject as objectOfLetter,
  type DeadLetterView as SharedView,
  deadLetterView as sharedView,
} from '@org/wordfreq-aws-adapters/rules';
import type { Cloud } from '../cloud.ts';
import type { ResourceNames } from '../resource-names.ts';
import { type CommandHelp, helpOfReason } from '../result-view.ts';

/** A dead letter as commands show it; the names are public contract. */
export interface DeadLetterView extends SharedView, CommandHelp {
  /** Which dead-letter queue it is in. */
  readonly queue: 'jobs' | 'uploads';
}

/** Describes a dead letter. */
function deadLetterView(letter: DeadLetter, queue: DeadLetterView['queue']): DeadLetterView {
  const view = sharedView(letter, parseAnnouncement);
  return { queue, ...view, ...helpOfReason(view.code) };
}

/** A dead-letter queue, and the queue whose messages it receives. */
interface DeadLetterPlace {
  readonly name: DeadLetterView['queue'];
  readonly queueUrl: string;
}

/** Which dead letters to look at. */
interface DeadLetterFilter {
  /** Reason codes; none means every reason. */
  readonly reasons?: readonly string[] | undefined;
  /** Only of keys that start with this. */
  readonly keyPrefix?: string | undefined;
  /** Message ids, or how they start. */
  readonly ids?: readonly string[] | undefined;
}

/** A dead letter with its message. */
export interface FoundLetter {
  readonly place: DeadLetterPlace;
  readonly letter: DeadLetter;
  readonly view: DeadLetterView;
}

/** What was found. */
export interface FoundLetters {
  readonly letters: readonly FoundLetter[];
  /** How many could not be looked at: beyond the limit, or held by another reader at this moment. */
  readonly unread: number;
}

/** SQS counts approximately: what another reader seems to hold may not be there at all. */
const TRIES = 2;

/**
 * The dead-letter queues that a command works on: the jobs' and, where it is named and another one, the
 * uploads'.
 */
export function deadLetterPlaces(names: ResourceNames): readonly DeadLetterPlace[] {
  const jobs = { name: 'jobs', queueUrl: names.get('deadLetterQueueUrl') } as const;
  const uploads = names.find('uploadsDeadLetterQueueUrl');
  if (uploads === undefined || uploads === jobs.queueUrl) return [jobs];
  return [jobs, { name: 'uploads', queueUrl: uploads }];
}

/**
 * Looks at dead letters and leaves them where they are, the newest first. They are hidden from other readers
 * for the seconds that this takes, and it counts as one receive of each.
 */
export async function listDeadLetters(
  cloud: Pick<Cloud, 'deadLetters'>,
  places: readonly DeadLetterPlace[],
  options: DeadLetterFilter & { readonly limit: number },
): Promise<FoundLetters> {
  const letters: FoundLetter[] = [];
  let unread = 0;
  for (const place of places) {
    const queue = cloud.deadLetters(place.queueUrl);
    const report = await readDeadLetters(queue, { limit: options.limit, tries: TRIES });
    unread += report.held;
    for (const letter of report.letters) {
      const view = deadLetterView(letter, place.name);
      if (matches(view, options)) letters.push({ place, letter, view });
    }
  }
  letters.sort((a, b) => ((a.view.at ?? '') < (b.view.at ?? '') ? 1 : -1));
  return { letters, unread };
}

/** Whether a filter lets a dead letter through. */
function matches(view: DeadLetterView, { reasons, keyPrefix, ids }: DeadLetterFilter): boolean {
  if (reasons !== undefined && reasons.length > 0 && !reasons.includes(view.code)) return false;
  if (keyPrefix !== undefined && view.key?.startsWith(keyPrefix) !== true) return false;
  if (ids !== undefined && ids.length > 0 && !ids.some((id) => view.id.startsWith(id))) return false;
  return true;
}

/** What is in the dead-letter queue. */
export interface DeadLetterReport {
  readonly letters: readonly DeadLetter[];
  /** How many more there are: beyond the limit, or held by another reader at this moment. */
  readonly held: number;
}

/** How to read. */
interface ReadDeadLettersOptions {
  /** Default: 100. */
  readonly limit?: number;
  /** How often to look while another reader holds some. Default: 10. */
  readonly tries?: number;
}

const PAUSE_MS = 50;

/**
 * Reads the dead letters. The page reads them, too, and hides them from others while it does: so this tries a
 * few times.
 */
export async function readDeadLetters(
  queue: DeadLetterQueue,
  { limit = 100, tries = 10 }: ReadDeadLettersOptions = {},
): Promise<DeadLetterReport> {
  for (let attempt = 1; ; attempt += 1) {
    const depth = await queue.depth();
    const letters = await queue.peek(limit);
    const held = Math.max(0, messagesIn(depth) - letters.length);
    if (held === 0 || letters.length >= limit || attempt >= tries) return { letters, held };
    await delay(PAUSE_MS);
  }
}

/** The object that a dead letter is about, where that is known. */
export function announcedObject(letter: DeadLetter): ObjectVersion | undefined {
  return objectOfLetter(letter, parseAnnouncement);
}

/** The first object that a message's body announces. */
export function objectOfBody(body: string): ObjectVersion | undefined {
  return announcedObjects(body, parseAnnouncement)[0];
}

/** The queues to which dead letters are sent back. */
interface RedriveTargets {
  readonly jobs: JobSender;
  /** Asked for only when there is one to send. */
  readonly uploads: () => JobSender;
  /** Messages about this bucket are of uploads; the others are jobs. Undefined where uploads are not copied. */
  readonly uploadingBucket: string | undefined;
}

/**
 * Makes a sender that sends each message to where it came from: one about the uploading bucket to the copy
 * Lambda, any other to the workers. Two queues may share a dead-letter queue, and a job that names an upload
 * would fail.
 */
export function sendHome({ jobs, uploads, uploadingBucket }: RedriveTargets): JobSender {
  const isUpload = (body: string): boolean =>
    uploadingBucket !== undefined && objectOfBody(body)?.bucket === uploadingBucket;
  return {
    async send(bodies, call) {
      const home = bodies.filter(isUpload);
      const work = bodies.filter((body) => !isUpload(body));
      if (home.length > 0) await uploads().send(home, call);
      if (work.length > 0) await jobs.send(work, call);
    },
  };
}

/** What to take out of a dead-letter queue. */
interface TakeOptions {
  readonly from: Pick<JobQueue, 'receive' | 'release' | 'delete'>;
  /** Ids of messages, as they were listed. */
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
}

/**
 * Redrives chosen dead letters, each once, and returns how many. Others are left in the queue. Ends early
 * when the signal fires.
 */
export async function redriveDeadLetters({ from, ids, signal }: TakeOptions, to: JobSender): Promise<number> {
  if (ids.length === 0) return 0;
  const { createRedrive } = await import('@org/wordfreq-worker/page');
  return createRedrive({ from, to, clock: systemClock })({ ids }, { signal });
}

/** Deletes chosen dead letters for good, and returns how many. */
export async function purgeDeadLetters({ from, ids, signal }: TakeOptions): Promise<number> {
  if (ids.length === 0) return 0;
  const { createPurge } = await import('@org/wordfreq-worker/page');
  return createPurge({ from, clock: systemClock })({ ids }, { signal });
}
