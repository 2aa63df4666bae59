/** The backup-event logger's composition root: an event in, a log line out. */
import { Logger } from '@aws-lambda-powertools/logger';
import { describeBackupEvent } from './backup-event-logger.ts';

let logger: Logger | undefined;

/**
 * Logs events of AWS Backup that EventBridge delivers, one JSON line each, with `state`, `backupJobId`, `resourceArn` and `statusMessage`
 * where metric filters look for them. Never throws.
 */
export async function handler(event: unknown): Promise<void> {
  logger ??= new Logger({ serviceName: 'wordfreq-backup-events' });
  const { level, message, fields } = describeBackupEvent(event);
  if (level === 'INFO') logger.info(message, { ...fields });
  else if (level === 'WARN') logger.warn(message, { ...fields });
  else logger.error(message, { ...fields });
}
