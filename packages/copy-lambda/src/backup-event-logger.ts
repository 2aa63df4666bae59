import * as v from 'valibot';

/** What is logged of a backup event. The names are public contract: metric filters read them. */
export interface BackupEventLine {
  /** `INFO` while all is well, `WARN` while it may still be, `ERROR` when a backup is missing. */
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** EventBridge's envelope, and of AWS Backup's detail what is logged; everything there may be absent. */
const text = v.optional(v.string());
const EVENT = v.object({
  source: v.literal('aws.backup'),
  'detail-type': v.string(),
  time: text,
  detail: v.looseObject({
    state: text,
    status: text,
    backupJobId: text,
    copyJobId: text,
    restoreJobId: text,
    resourceArn: text,
    resourceType: text,
    backupVaultName: text,
    recoveryPointArn: text,
    statusMessage: text,
    percentDone: v.optional(v.union([v.string(), v.number()])),
    backupSizeInBytes: v.optional(v.union([v.string(), v.number()])),
    completionDate: text,
  }),
});

/** What AWS Backup calls its states ("Monitoring AWS Backup events using Amazon EventBridge"); all others are failures. */
const LEVEL_OF_STATE: ReadonlyMap<string, BackupEventLine['level']> = new Map([
  ['CREATED', 'INFO'],
  ['PENDING', 'INFO'],
  ['RUNNING', 'INFO'],
  ['COMPLETED', 'INFO'],
  ['AVAILABLE', 'INFO'],
  ['ABORTING', 'WARN'],
]);

const MAX_EXCERPT = 500;

/**
 * Turns an event of AWS Backup into the line that is logged. Never throws: what is no such event is logged as an error with an
 * excerpt, because trying again would not make it one.
 *
 * @example
 * const { level, message, fields } = describeBackupEvent(event);
 * // 'ERROR', 'backup job', { state: 'FAILED', backupJobId: '…', resourceArn: '…', statusMessage: '…' }
 */
export function describeBackupEvent(event: unknown): BackupEventLine {
  const parsed = v.safeParse(EVENT, event);
  if (!parsed.success) {
    const excerpt = (JSON.stringify(event) ?? String(event)).slice(0, MAX_EXCERPT);
    return { level: 'ERROR', message: 'not an event of AWS Backup', fields: { excerpt } };
  }
  const { detail, time, 'detail-type': detailType } = parsed.output;
  const { status, state = status ?? 'UNKNOWN' } = detail;
  const known = Object.keys(EVENT.entries.detail.entries) as (keyof typeof detail)[];
  const facts = known.flatMap((name): [string, string | number][] => {
    const value = detail[name];
    return name === 'status' || (typeof value !== 'string' && typeof value !== 'number')
      ? []
      : [[String(name), value]];
  });
  return {
    level: LEVEL_OF_STATE.get(state) ?? 'ERROR',
    // "Backup Job State Change" → "backup job"
    message: detailType.toLowerCase().replace(/ (state|status) change$/, ''),
    fields: { ...Object.fromEntries(facts), state, ...(time === undefined ? {} : { time }) },
  };
}
