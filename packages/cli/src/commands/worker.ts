import { type Command, defineCommand } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors.ts';
import { formatNumberOf } from '../terminal/format.ts';

/** Options as the variables that the worker's AWS SDK reads. */
const VARIABLES = { region: 'AWS_REGION', endpointUrl: 'AWS_ENDPOINT_URL', profile: 'AWS_PROFILE' } as const;

/** `wordfreq worker`. */
export const workerCommand: Command = defineCommand({
  description:
    'Runs the same program as the container: configured by the same environment variables, it logs lines of JSON. After Ctrl-C or SIGTERM it ' +
    'finishes the jobs that it has started.',
  examples: [
    { line: 'wordfreq worker', summary: 'with the variables from the task definition' },
    {
      line: 'wordfreq worker --profile work --region eu-central-1',
      summary: 'on this machine, for a deployed pipeline',
    },
  ],
  failure: 'it gave up jobs that it had started; they will be delivered again',
  async run(_, options, { terminal, signal, environment }) {
    for (const [name, variable] of Object.entries(VARIABLES)) {
      const value = options[name as keyof typeof VARIABLES];
      if (value !== undefined) process.env[variable] = value;
    }
    const { runWorker } = await import('@org/wordfreq-worker/main');
    const { abandoned } = await runWorker(
      options.endpointUrl === undefined ? environment : { S3_FORCE_PATH_STYLE: 'true', ...environment },
      { signal },
    );
    if (abandoned === 0) return EXIT_CODES.ok;
    terminal.note(`wordfreq: gave up ${formatNumberOf(abandoned, 'unfinished job')}, to be delivered again`);
    return EXIT_CODES.failed;
  },
});
