import { describe, expect, it } from 'vitest';
import { objectArgument, PIPELINE_RESOURCES, resourceNames } from './resource-names.ts';

describe(resourceNames, () => {
  it('takes an option before its variable', () => {
    const names = resourceNames({ resultsTable: 'mine' }, { RESULTS_TABLE: 'theirs' });
    expect(names.get('resultsTable')).toBe('mine');
  });

  it('takes the first of several buckets that workers read', () => {
    expect(resourceNames({}, { PROCESSING_BUCKET: 'texts, more' }).get('processingBucket')).toBe('texts');
  });

  it('takes an empty variable for an unset one', () => {
    expect(resourceNames({}, { RESULTS_TABLE: '' }).find('resultsTable')).toBeUndefined();
  });

  it('says in one sentence what was not named, and how to name it', () => {
    expect(() => resourceNames({}, {}).get('jobsQueueUrl')).toThrow(
      expect.objectContaining({
        code: 'not-named',
        exitCode: 2,
        message: 'no jobs queue was named',
        hint: expect.stringContaining('Give --jobs-queue-url or set JOBS_QUEUE_URL, such as https://'),
      }),
    );
  });

  it('names the flag that the command has', () => {
    const names = resourceNames({}, {}, { processingBucket: '--bucket' });
    expect(() => names.get('processingBucket')).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('Give --bucket or set PROCESSING_BUCKET') }),
    );
  });

  it('refuses a queue’s name where its URL is needed', () => {
    expect(() => resourceNames({ jobsQueueUrl: 'wordfreq-jobs' }, {}).find('jobsQueueUrl')).toThrow(
      expect.objectContaining({ code: 'bad-queue-url', exitCode: 2 }),
    );
  });

  it('calls each option as its variable', () => {
    for (const [name, { variable }] of Object.entries(PIPELINE_RESOURCES)) {
      expect(name.replace(/[A-Z]/g, '_$&').toUpperCase()).toBe(variable);
    }
  });
});

describe(objectArgument, () => {
  it.each([
    ['a.txt', { key: 'a.txt' }],
    ['/a//b.txt', { key: '/a//b.txt' }],
    ['s3://texts/a/b c.txt', { bucket: 'texts', key: 'a/b c.txt' }],
    ['s3://texts/s3://a\nb', { bucket: 'texts', key: 's3://a\nb' }],
    ['s3://texts/', { key: 's3://texts/' }],
  ])('reads %j', (given, meant) => expect(objectArgument(given)).toEqual(meant));
});
