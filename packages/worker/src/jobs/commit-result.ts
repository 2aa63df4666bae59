import type { Clock, JobResult, ResultPublisher, ResultStore } from '@org/wordfreq-aws-adapters/ports';
import { type NotifyDependencies, notifyOfResult } from '../notifications/notify.ts';

/** What a commit writes to. */
export interface CommitDependencies extends NotifyDependencies {
  readonly results: Pick<ResultStore, 'save' | 'markPublished'>;
  readonly publisher: ResultPublisher;
  readonly clock: Pick<Clock, 'now'>;
}

/** The record that holds for the job now, and whether it is this commit's. */
export interface CommittedResult {
  readonly result: JobResult;
  /** False for a job that had its record already, and the world knew. */
  readonly fresh: boolean;
}

/**
 * Commits a result, in an order that no crash can spoil: record → results message → notification →
 * "published". The caller ends the job's message last. Whoever repeats a commit continues where it stopped:
 * the first record stays the record, and what was perhaps sent already is sent again under the same id.
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
