import { type Command, defineCommand } from '../command-line/command.ts';
import { flag, port, text, wholeNumber } from '../command-line/option.ts';

/** `wordfreq local`. */
export const localCommand: Command = defineCommand({
  description:
    'The file of --ready-file is there while the pipeline is up. A shell that has read it (. file) has the other commands, and every ' +
    'AWS SDK, talk to this pipeline. --json prints a line for each event; the first is of type "up".',
  options: {
    samples: text('folder', 'upload the .txt files of a folder first', { completes: 'folders' }),
    exit: flag('end once the samples are counted'),
    dataDir: text('folder', 'keep objects, queues and results in a folder (default: in memory)', {
      completes: 'folders',
    }),
    readyFile: text(
      'file',
      'once all is up, write the variables for other terminals here (default: a new file)',
      {
        completes: 'files',
      },
    ),
    detach: flag('run in the background, and print the variables once all is up'),
    port: port('port of the page', 4000),
    awsPort: port('port of S3, SQS and SNS', 4566),
    dynamodbPort: port('port of DynamoDB', 8000),
    workers: wholeNumber('number', 'how many worker processes', { min: 0, max: 64, default: 2 }),
    verbose: flag('show the logs of the copy handler and the workers'),
  },
  examples: [
    { line: 'wordfreq local', summary: 'stay up and wait for files' },
    {
      line: 'wordfreq local --samples texts --exit',
      summary: 'count a folder’s texts through the pipeline, then end',
    },
    { line: 'wordfreq local --data-dir .wordfreq', summary: 'keep everything for the next time' },
    {
      line: 'eval "$(wordfreq local --detach)"; npm test; kill "$WORDFREQ_LOCAL_PID"',
      summary: 'in the background, for tests of your own',
    },
  ],
  failure: 'a file got no outcome',
  async run(_, options, context) {
    if (options.detach) {
      const { runDetached } = await import('../local/run-detached.ts');
      return runDetached(options, context);
    }
    // Loads the AWS SDK and servers.
    const { runLocal } = await import('../local/run-local.ts');
    return runLocal(options, context);
  },
});
