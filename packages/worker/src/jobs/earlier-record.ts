import type { JobResult, QueueMessage, ResultStore, StoredResult } from '@org/wordfreq-aws-adapters/ports';
import { mayBeSuperseded } from '@org/wordfreq-aws-adapters/rules';
import { type AttemptDependencies, requireAttemptsLeft } from './attempts.ts';
import { describeFailure } from './failure-policy.ts';
import type { Job } from './job.ts';
import { failedResult, type ProcessJobDependencies } from './process-job.ts';

/** What looking for a record needs. */
export interface EarlierRecordDependencies
  extends Pick<ProcessJobDependencies, 'clock' | 'policy' | 'counting'>,
    Pick<AttemptDependencies, 'maxReceives'> {
  readonly results: Pick<ResultStore, 'find' | 'failedTries'>;
}

/** What identifies the job's record. */
export function identityOf(
  job: Job,
  dependencies: Pick<ProcessJobDependencies, 'clock' | 'policy' | 'counting'>,
): Pick<JobResult, 'jobId' | 'object'> {
  return failedResult(job, dependencies, { code: '', message: '' });
}

/**
 * The record of a job that may already be done: looking is cheaper than counting again. A recorded
 * failure is no reason not to try: somebody may have fixed its cause and sent the message back.
 *
 * @throws JobError `attempts-exhausted`
 */
export async function earlierRecord(
  job: Job,
  message: QueueMessage,
  dependencies: EarlierRecordDependencies,
): Promise<StoredResult | undefined> {
  const { jobId, object } = identityOf(job, dependencies);
  const record = await dependencies.results.find({ jobId, object }).catch(ignoreNotFound);
  if (record !== undefined && !mayBeSuperseded(record.outcome)) return record;
  await requireAttemptsLeft(message, { jobId, object }, dependencies);
  return undefined;
}

/**
 * Treats a record whose words are lost (a store may keep them apart) as absent, because counting again writes
 * them again. If the table itself is missing, saving reports that.
 */
function ignoreNotFound(error: unknown): undefined {
  if (describeFailure(error).code !== 'not-found') throw error;
}
