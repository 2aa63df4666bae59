import { bucketOption, resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { flag, text, wholeNumber } from '../command-line/option.ts';

/** `wordfreq backfill`. */
export const backfillCommand: Command = defineCommand({
  description:
    'Puts a job into the queue for each object that has no outcome, in the order of the keys. With --state it can be stopped at any ' +
    'moment, also by a crash, and the same command goes on from there: at most the last ten jobs are sent twice, which is harmless.',
  options: {
    bucket: bucketOption('processingBucket'),
    prefix: text('text', 'only keys that begin so'),
    rate: wholeNumber('number', 'jobs per second at most (default: as fast as it goes)', {
      min: 1,
      max: 100_000,
      default: undefined,
    }),
    state: text('file', 'remember in this file how far it has come, and go on from there', {
      completes: 'files',
    }),
    startAfter: text('key', 'begin after this key'),
    all: flag('also objects that have an outcome'),
    dryRun: flag('print the keys that would be sent, and send nothing'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl'),
  },
  examples: [
    { line: 'wordfreq backfill --dry-run', summary: 'which objects would be counted' },
    {
      line: 'wordfreq backfill --bucket old-texts --rate 50 --state backfill.json',
      summary: 'fifty jobs a second; run it again after an interruption',
    },
    { line: 'wordfreq backfill --prefix 2025/ --all', summary: 'count everything below a prefix again' },
  ],
  async run(_, options, context) {
    const { runBackfill } = await import('../cloud/run-backfill.ts');
    return runBackfill(options, context);
  },
});
