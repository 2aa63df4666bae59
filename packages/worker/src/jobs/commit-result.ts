import type {
  Clock,
  JobResult,
  ResultPublisher,
  ResultStore,
  StoredResult,
} from '@org/wordfreq-aws-adapters/ports';
import { isNotified } from '../notifications/notification-policy.ts';
import { type NotifyDependencies, notifyOfResult } from '../notifications/notify.ts';
import type { JobCosts } from './job-costs.ts';

/** What a commit writes to. */
export interface CommitDependencies extends NotifyDependencies {
  readonly results: Pick<ResultStore, 'save' | 'markPublished'>;
  readonly publisher: ResultPublisher;
  readonly clock: Pick<Clock, 'now'>;
  /** Default: records have no cost. */
  readonly costs?: JobCosts;
}

/** The job's record, and whether this commit wrote it. */
interface CommittedResult {
  readonly result: JobResult;
  /** False if the job already had a record. */
  readonly fresh: boolean;
}

/**
 * Commits a result, in an order that no crash can spoil: record → results message → notification. The caller
 * deletes the job's message last: as long as that is there, the results message may not have been sent. A commit
 * that finds a record keeps it, and sends again what may not have been sent, with the same id.
 */
export async function commitResult(
  result: JobResult,
  dependencies: CommitDependencies,
): Promise<CommittedResult> {
  const { record, fresh } = await save(result, dependencies);
  await announce(record, dependencies);
  return { result: record, fresh };
}

/** Writes the record with what the job has cost so far; later requests count for later records. */
async function save(
  result: JobResult,
  { results, costs }: CommitDependencies,
): Promise<{ readonly record: StoredResult; readonly fresh: boolean }> {
  const cost = costs?.take();
  const record = cost === undefined ? result : { ...result, cost };
  let fresh = false;
  try {
    const outcome = await results.save(record);
    fresh = outcome.saved;
    return { record: outcome.saved ? record : outcome.existing, fresh };
  } finally {
    if (!fresh) costs?.giveBack();
  }
}

/**
 * Sends a record's message, and notifies people if they are to be notified of it. Such a record is marked
 * afterwards, so that nobody gets the mail again when the job's message comes a second time. Others need no
 * mark: consumers drop a repeated message by its id, and a write for each job would cost more.
 */
export async function announce(
  record: StoredResult,
  { results, publisher, clock, ...people }: CommitDependencies,
): Promise<void> {
  if (record.publishedAt !== undefined) return;
  await publisher.publish(record);
  if (!isNotified(record.outcome, people.notify)) return;
  await notifyOfResult(record, people);
  await results.markPublished(record, clock.now());
}
