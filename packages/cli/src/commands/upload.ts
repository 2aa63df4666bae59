import { durationOption } from '../cloud/duration-option.ts';
import { bucketOption, resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { flag, text } from '../command-line/option.ts';

/** `wordfreq upload`. */
export const uploadCommand: Command = defineCommand({
  description:
    'Large files go in parts, with progress on a screen. A key that is taken is left alone unless --overwrite is given. ' +
    '--wait reads the table of results, never the results queue, so that no other listener loses a message.',
  arguments: [
    {
      name: 'files',
      summary: 'files, or folders, whose files keep their paths below them',
      variadic: true,
      completes: 'files',
    },
  ],
  options: {
    bucket: bucketOption('uploadingBucket'),
    prefix: text('text', 'put this in front of each key'),
    overwrite: flag('replace objects whose keys are taken'),
    contentType: text('type', 'Content-Type of each object; else by the file’s name'),
    wait: flag('wait until each file has its outcome, and show it'),
    timeout: durationOption('how long --wait waits at most', '10m'),
    ...resourceOptions(
      'processingBucket',
      'resultsTable',
      'jobsQueueUrl',
      'deadLetterQueueUrl',
      'uploadsQueueUrl',
      'uploadsDeadLetterQueueUrl',
    ),
  },
  examples: [
    { line: 'wordfreq upload book.txt --bucket my-uploads', summary: 'upload a file as book.txt' },
    {
      line: 'wordfreq upload texts --prefix 2026/ --wait',
      summary: 'upload a folder, wait for all results, and show them',
    },
    {
      line: 'wordfreq upload *.txt --wait --timeout 2m --json | jq .summary',
      summary: 'the same for a program, with two minutes of patience',
    },
  ],
  failure: 'a key was taken, a file was not uploaded, or with --wait failed or has no outcome yet',
  async run(paths, options, context) {
    const { runUpload } = await import('../cloud/run-upload.ts');
    return runUpload(paths, options, context);
  },
});
