import type { QueueMessage } from '@org/wordfreq-aws-adapters/ports';
import type { Logger } from 'pino';
import type { RecordOutcome } from './handle-message.ts';

/** Writes one line per record: enough to find the object and the reason. The field names are public contract. */
export function logOutcome(logger: Logger, message: QueueMessage, record: RecordOutcome): void {
  const { outcome, job, jobId, bytes, words, durationMs, error } = record;
  const severe = /^(failed|quarantined)/.test(outcome);
  const line = {
    messageId: message.id,
    receiveCount: message.receiveCount,
    outcome,
    ...(job === undefined
      ? {}
      : { bucket: job.object.bucket, key: job.object.key, version: versionOf(job.object) }),
    ...(jobId === undefined ? {} : { jobId }),
    ...(bytes === undefined ? {} : { bytes, words, durationMs }),
    ...(error === undefined ? {} : { errorCode: error.code, errorMessage: error.message }),
  };
  if (severe) logger.error(line, 'job failed');
  else if (outcome.startsWith('retry')) logger.warn(line, 'job will be tried again');
  else logger.info(line, 'job done');
}

function versionOf({ versionId, eTag }: { readonly versionId?: string; readonly eTag?: string }): string {
  return versionId ?? eTag ?? '';
}
