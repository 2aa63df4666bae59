import { bucketOption, resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { wholeNumber } from '../command-line/option.ts';

/** `wordfreq explain`. */
export const explainCommand: Command = defineCommand({
  description:
    'Looks in every place where an object may be: uploads, the bucket that the workers read, the table of results, the queues and, ' +
    'unless it ended well, the dead letters (which counts as receiving them once). Only the bucket and the table must be named.',
  arguments: [{ name: 'key', summary: 'a key, or s3://bucket/key' }],
  options: {
    bucket: bucketOption('processingBucket'),
    ...resourceOptions(
      'uploadingBucket',
      'resultsTable',
      'jobsQueueUrl',
      'deadLetterQueueUrl',
      'uploadsQueueUrl',
      'uploadsDeadLetterQueueUrl',
    ),
    deadLetters: wholeNumber('number', 'how many dead letters to look through; 0 for none', {
      min: 0,
      max: 10_000,
      default: 1000,
    }),
  },
  examples: [
    { line: 'wordfreq explain book.txt', summary: 'what became of a file, and what to do about it' },
    { line: 'wordfreq explain s3://my-texts/a/b.txt --json', summary: 'the same for a program' },
  ],
  failure: 'nothing is known of the key',
  async run([key = ''], options, context) {
    const { runExplain } = await import('../cloud/run-explain.ts');
    return runExplain(key, options, context);
  },
});
