import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { Logger } from 'pino';
import type { RecordOutcome } from '../jobs/record-outcome.ts';

/**
 * Writes one line per record: enough to find the object and the reason. The field names are public contract.
 */
export function logOutcome(
  logger: Pick<Logger, 'info' | 'warn' | 'error'>,
  message: QueueMessage,
  record: RecordOutcome,
  ageMs?: number,
): void {
  const { outcome, job, jobId, bytes, words, durationMs, error } = record;
  const line = {
    messageId: message.id,
    attempt: message.receiveCount,
    outcome,
    ...(job === undefined
      ? {}
      : { bucket: job.object.bucket, key: job.object.key, version: versionOf(job.object) }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(bytes === undefined ? {} : { bytes, words }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(ageMs === undefined ? {} : { ageMs }),
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
  };
  if (/^(failed|quarantined)/.test(outcome)) logger.error(line, 'job failed');
  else if (/^(retry|lost-lease)/.test(outcome)) logger.warn(line, 'job will be tried again');
  else logger.info(line, 'job done');
}

function versionOf({ versionId, eTag }: { readonly versionId?: string; readonly eTag?: string }): string {
  return versionId ?? eTag ?? '';
}
