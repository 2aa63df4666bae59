import type { Clock, JobResult, ResultPublisher, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { type NotifyDependencies, notifyOfResult } from '../notifications/notify.ts';

/** What a commit writes to. */
export interface CommitDependencies extends NotifyDependencies {
  readonly results: Pick<ResultStore, 'save' | 'markPublished'>;
  readonly publisher: ResultPublisher;
  readonly clock: Pick<Clock, 'now'>;
}

/** The job's record, and whether this commit wrote it. */
export interface CommittedResult {
  readonly result: JobResult;
  /** False if the job already had a record, which was published. */
  readonly fresh: boolean;
}

/**
 * Commits a result, in an order that no crash can spoil: record → results message → notification →
 * "published". The caller deletes the job's message last. A repeated commit continues where the last one
 * stopped: the first record is kept, and what may already have been sent is sent again with the same id.
 */
export async function commitResult(
  result: JobResult,
  dependencies: CommitDependencies,
): Promise<CommittedResult> {
  const { results, publisher, clock } = dependencies;
  const outcome = await results.save(result);
  if (!outcome.saved && outcome.existing.publishedAt !== undefined) {
    return { result: outcome.existing, fresh: false };
  }
  const record = outcome.saved ? result : outcome.existing;
  await publisher.publish(record);
  await notifyOfResult(record, dependencies);
  await results.markPublished(record, clock.now());
  return { result: record, fresh: true };
}
