import { readFile, rename, writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

const STATE = v.object({
  version: v.literal(1),
  bucket: v.string(),
  prefix: v.string(),
  queueUrl: v.string(),
  lastKey: v.optional(v.string()),
  sent: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  skipped: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  finished: v.boolean(),
});

/** How far a backfill has come, as its state file has it. */
export interface BackfillState {
  readonly version: 1;
  readonly bucket: string;
  readonly prefix: string;
  readonly queueUrl: string;
  /** Every key up to this one, in the order of their bytes, is done. */
  readonly lastKey?: string | undefined;
  readonly sent: number;
  readonly skipped: number;
  readonly finished: boolean;
}

/** What a backfill is about; a state file is for one only. */
export type BackfillScope = Pick<BackfillState, 'bucket' | 'prefix' | 'queueUrl'>;

/**
 * Reads a state file; undefined when there is none yet.
 *
 * @throws CliError, exit code 3: the file cannot be read, is no state file, or is another backfill's
 */
export async function readBackfillState(
  path: string,
  scope: BackfillScope,
): Promise<BackfillState | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unusable(path, `cannot be read: ${(error as Error).message}`, error);
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), STATE), text);
  if (!parsed.success) throw unusable(path, 'is no state file of a backfill', undefined);
  const state: BackfillState = parsed.output;
  for (const name of ['bucket', 'prefix', 'queueUrl'] as const) {
    if (state[name] === scope[name]) continue;
    throw unusable(path, `is of another backfill: its ${name} is ${JSON.stringify(state[name])}`, undefined);
  }
  return state;
}

/** Writes a state file so that a crash leaves the old one or the new one, never half of it. */
export async function writeBackfillState(path: string, state: BackfillState): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(draft, `${JSON.stringify(state, undefined, 2)}\n`);
    await rename(draft, path);
  } catch (error) {
    throw unusable(path, `cannot be written: ${(error as Error).message}`, error);
  }
}

function unusable(path: string, problem: string, cause: unknown): CliError {
  return new CliError(`the state file ${path} ${problem}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Choose another file with --state, or remove it to start from the first key.',
    cause,
  });
}
