import type { CommandContext } from '../command-line/command.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { explainObject } from './explain-object.ts';
import { explanationView, printExplanation } from './explanation-view.ts';
import { objectArgument } from './object-argument.ts';
import { type OpenCloudOptions, withCloud } from './open-cloud.ts';

/** The options of `wordfreq explain`. */
export interface RunExplainOptions extends OpenCloudOptions {
  readonly bucket?: string | undefined;
  readonly deadLetters: number;
  readonly json: boolean;
}

/**
 * `wordfreq explain`: says what became of an object. Answers the exit code.
 *
 * @throws CliError, exit code 2 for what is not named, 3 for what AWS refuses
 */
export async function runExplain(
  argument: string,
  options: RunExplainOptions,
  { terminal, signal, environment }: CommandContext,
): Promise<number> {
  const { key, bucket } = objectArgument(argument);
  const uploading = options.uploadingBucket ?? environment['UPLOADING_BUCKET'];
  // An address among the uploads is of the same key in the other bucket.
  const processingBucket = bucket === undefined || bucket === uploading ? options.bucket : bucket;
  const explanation = await withCloud(
    { ...options, processingBucket },
    environment,
    (cloud) => explainObject(cloud, { key, maxDeadLetters: options.deadLetters }),
    { processingBucket: '--bucket' },
  );
  signal.throwIfAborted();
  const view = explanationView(explanation);
  if (options.json) terminal.line(JSON.stringify(view, undefined, 2));
  else printExplanation(view, terminal);
  return view.state === 'unknown' ? EXIT_CODES.failed : EXIT_CODES.ok;
}
