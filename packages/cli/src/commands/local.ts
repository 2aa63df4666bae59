import { type Command, defineCommand } from '../command-line/command.ts';
import { flag, port, text, wholeNumber } from '../command-line/option.ts';

/** `wordfreq local`. */
export const localCommand: Command = defineCommand({
  options: {
    samples: text('folder', 'upload the .txt files of a folder first', { completes: 'folders' }),
    exit: flag('end once the samples are counted'),
    dataDir: text('folder', 'keep objects, queues and results in a folder (default: in memory)', {
      completes: 'folders',
    }),
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
  ],
  failure: 'a file got no outcome',
  async run(_, options, context) {
    // Loads the AWS SDK and servers.
    const { runLocal } = await import('../local/run-local.ts');
    return runLocal(options, context);
  },
});
