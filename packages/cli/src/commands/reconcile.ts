import { durationOption } from '../cloud/duration-option.ts';
import { bucketOption, resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { flag, text } from '../command-line/option.ts';

/** `wordfreq reconcile`. */
export const reconcileCommand: Command = defineCommand({
  description:
    'Lists objects with neither result nor dead letter (missing), and keys with results whose objects are gone (orphan). An object ' +
    'is done when its content under its key has an outcome. It prints as it reads, and asks the table once for each object.',
  options: {
    bucket: bucketOption('processingBucket'),
    prefix: text('text', 'only keys that begin so'),
    minAge: durationOption('leave out objects that are younger: they may be on their way', '0s'),
    enqueue: flag('put what is missing into the jobs queue'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl', 'deadLetterQueueUrl'),
  },
  examples: [
    {
      line: 'wordfreq reconcile --min-age 15m',
      summary: 'what should have its outcome by now, for a nightly check',
    },
    { line: 'wordfreq reconcile --prefix 2026/ --enqueue', summary: 'have what is missing counted' },
    {
      line: 'wordfreq reconcile --json',
      summary: 'a line of JSON for each finding, and the summary as the last',
    },
  ],
  failure: 'an object was missing, also when it was put into the queue',
  async run(_, options, context) {
    const { runReconcile } = await import('../cloud/run-reconcile.ts');
    return runReconcile(options, context);
  },
});
