import type { DeadLetter } from '@org/wordfreq-aws-adapters/ports';
import { readDeadLetters } from '../local/read-dead-letters.ts';
import { type DeadLetterView, deadLetterView } from './dead-letter-view.ts';
import type { Cloud } from './open-cloud.ts';
import type { ResourceNames } from './resource-names.ts';

/** A dead-letter queue, and what dies into it. */
export interface DeadLetterPlace {
  readonly name: DeadLetterView['queue'];
  readonly queueUrl: string;
}

/** Which dead letters to look at. */
export interface DeadLetterFilter {
  /** Reason codes; none means every reason. */
  readonly reasons?: readonly string[] | undefined;
  /** Only of keys that begin so. */
  readonly keyPrefix?: string | undefined;
  /** Message ids, or their beginnings. */
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

/** The dead-letter queues that a command works on: the jobs' and, where it is named and another one, the uploads'. */
export function deadLetterPlaces(names: ResourceNames): readonly DeadLetterPlace[] {
  const jobs = { name: 'jobs', queueUrl: names.get('deadLetterQueueUrl') } as const;
  const uploads = names.find('uploadsDeadLetterQueueUrl');
  if (uploads === undefined || uploads === jobs.queueUrl) return [jobs];
  return [jobs, { name: 'uploads', queueUrl: uploads }];
}

/**
 * Looks at dead letters and leaves them where they are, the newest first. They are hidden from other readers for the seconds that this
 * takes, and it counts as one receive of each.
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
export function matches(view: DeadLetterView, { reasons, keyPrefix, ids }: DeadLetterFilter): boolean {
  if (reasons !== undefined && reasons.length > 0 && !reasons.includes(view.code)) return false;
  if (keyPrefix !== undefined && view.key?.startsWith(keyPrefix) !== true) return false;
  if (ids !== undefined && ids.length > 0 && !ids.some((id) => view.id.startsWith(id))) return false;
  return true;
}
