import { durationOption } from '../cloud/duration-option.ts';
import { resourceOptions } from '../cloud/resource-options.ts';
import { type Command, defineCommand } from '../command-line/command.ts';
import { flag } from '../command-line/option.ts';

/** `wordfreq watch`. */
export const watchCommand: Command = defineCommand({
  description:
    'On a screen: a view that is drawn again and again. In a pipe: a line for each change; with --json a line of JSON. The table is ' +
    'read as a whole each time, for at most a fifth of the time. Ctrl-C ends it.',
  options: {
    interval: durationOption('how often to look', '1s'),
    once: flag('look once, and end'),
    untilIdle: flag('end when no job waits and none is in hand'),
    ...resourceOptions('resultsTable', 'jobsQueueUrl', 'deadLetterQueueUrl'),
  },
  examples: [
    { line: 'wordfreq watch', summary: 'what waits, what is done, what came in last' },
    { line: 'wordfreq backfill && wordfreq watch --until-idle', summary: 'stay until all is counted' },
    {
      line: 'wordfreq watch --json | jq -c "select(.type == \\"result\\")"',
      summary: 'each new result, for a program',
    },
  ],
  async run(_, options, context) {
    const { runWatch } = await import('../cloud/run-watch.ts');
    return runWatch(options, context);
  },
});
