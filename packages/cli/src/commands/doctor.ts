import { type Command, defineCommand } from '../command-line/command.ts';
import { PART_OPTIONS } from '../doctor/pipeline-parts.ts';

/** `wordfreq doctor`. */
export const doctorCommand: Command = defineCommand({
  description:
    'Looks at versions, credentials, region, whether each service answers, and whether each part of a pipeline that is named is there ' +
    'and may be read. Each finding comes with its cure. Nothing is changed, and no message is received.',
  options: PART_OPTIONS,
  examples: [
    { line: 'wordfreq doctor', summary: 'with the variables that the worker has' },
    {
      line: 'wordfreq doctor --profile work --results-table wordfreq-results',
      summary: 'as somebody else, one part',
    },
    { line: 'wordfreq doctor --json', summary: 'for a program, such as a check before a deployment' },
  ],
  failure: 'a problem was found',
  async run(_, options, context) {
    const { runDoctor } = await import('../doctor/run-doctor.ts');
    return runDoctor(options, context);
  },
});
