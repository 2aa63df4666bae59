import { describe, expect, it } from 'vitest';
import { describeBackupEvent } from './backup-event-logger.ts';
import failed from './fixtures/backup-job-failed.json' with { type: 'json' };

const withState = (state: string) => ({ ...failed, detail: { ...failed.detail, state } });

describe(describeBackupEvent, () => {
  it('keeps what finds the job and its reason', () => {
    expect(describeBackupEvent(failed)).toEqual({
      level: 'ERROR',
      message: 'backup job',
      fields: {
        state: 'FAILED',
        backupJobId: '1b2345b2-f22c-4dab-5eb6-bbc7890ed123',
        backupVaultName: 'wordfreq-vault',
        resourceArn: 'arn:aws:dynamodb:us-east-1:123456789012:table/wordfreq-results',
        resourceType: 'DynamoDB',
        statusMessage: 'Access denied trying to call AWS Backup service',
        time: '2026-07-29T20:32:26Z',
      },
    });
  });

  it.each([
    ['CREATED', 'INFO'],
    ['RUNNING', 'INFO'],
    ['COMPLETED', 'INFO'],
    ['ABORTING', 'WARN'],
    ['ABORTED', 'ERROR'],
    ['EXPIRED', 'ERROR'],
    ['PARTIAL', 'ERROR'],
    ['A NEW ONE', 'ERROR'],
  ])('logs %s as %s', (state, level) => {
    expect(describeBackupEvent(withState(state)).level).toBe(level);
  });

  it('takes restore jobs, whose state is called status', () => {
    const event = {
      source: 'aws.backup',
      'detail-type': 'Restore Job State Change',
      detail: { restoreJobId: 'r', status: 'COMPLETED' },
    };
    expect(describeBackupEvent(event)).toEqual({
      level: 'INFO',
      message: 'restore job',
      fields: { restoreJobId: 'r', state: 'COMPLETED' },
    });
  });

  it.each([[undefined], [null], ['text'], [{}], [{ source: 'aws.s3' }], [{ ...failed, detail: 7 }]])(
    'says of %j that it is no such event, and does not throw',
    (event) => {
      expect(describeBackupEvent(event)).toMatchObject({
        level: 'ERROR',
        message: 'not an event of AWS Backup',
        fields: { excerpt: expect.any(String) },
      });
    },
  );
});
