import { type Command, type CommandContext, defineCommand } from '../command-line/command.ts';
import { wholeNumber } from '../command-line/option.ts';
import { EXIT_CODES } from '../errors.ts';
import { printExplanation } from '../pipeline/explanation-report.ts';
import { explanationView } from '../pipeline/explanation-view.ts';
import { bucketOption, objectArgument, resourceOptions } from '../pipeline/resource-names.ts';
import { type OpenCloudOptions, withCloud } from '../pipeline/with-cloud.ts';

/** `wordfreq explain`. */
export const explainCommand: Command = defineCommand({
  description:
    'Looks everywhere an object may be: uploads, the bucket that the workers read, the table of results, the queues and, ' +
    'unless it succeeded, the dead letters (which counts as receiving them once). Only the bucket and the table must be named.',
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
    deadLetters: wholeNumber('number', 'how many dead letters to search; 0 for none', {
      min: 0,
      max: 10_000,
      default: 1000,
    }),
  },
  examples: [
    { line: 'wordfreq explain book.txt', summary: 'what happened to a file, and what to do about it' },
    { line: 'wordfreq explain s3://my-texts/a/b.txt --json', summary: 'the same for a program' },
  ],
  failure: 'nothing is known of the key',
  async run([key = ''], options, context) {
    return runExplain(key, options, context);
  },
});

/** The options of `wordfreq explain`. */
export interface RunExplainOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly deadLetters: number;
  readonly json: boolean;
}

/**
 * `wordfreq explain`: says what happened to an object. Returns the exit code.
 *
 * @throws CliError, exit code 2 if a name is missing, 3 if AWS refuses
 */
export async function runExplain(
  argument: string,
  options: RunExplainOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const { key, bucket } = objectArgument(argument);
  const uploading = options.uploadingBucket ?? environment['UPLOADING_BUCKET'];
  // An address in the uploading bucket means the same key in the other bucket.
  const processingBucket = bucket === undefined || bucket === uploading ? options.bucket : bucket;
  const explanation = await withCloud(
    { ...options, processingBucket },
    environment,
    async (cloud) => {
      const { explainObject } = await import('../pipeline/explain-object.ts');
      return explainObject(cloud, { key, maxDeadLetters: options.deadLetters });
    },
    { processingBucket: '--bucket' },
  );
  signal.throwIfAborted();
  const view = explanationView(explanation);
  if (options.json) terminal.line(JSON.stringify(view, undefined, 2));
  else printExplanation(view, terminal);
  return view.state === 'unknown' ? EXIT_CODES.failed : EXIT_CODES.ok;
}
