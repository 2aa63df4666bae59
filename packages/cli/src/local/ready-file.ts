import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';
import { shellCommands } from './embedded-environment.ts';

/**
 * A file that points other terminals at the running pipeline. Not called `--env-file` on the command line: Node takes that for itself,
 * even behind the program's name.
 */
export interface ReadyFile {
  readonly path: string;
  /** Takes the file away: what it points at is gone. */
  remove(): Promise<void>;
}

/**
 * Writes the variables of a running pipeline, whole or not at all: that the file is there says that everything is up. Without a path, it is
 * put into a fresh folder for temporary files that is this user's alone.
 *
 * @throws CliError, exit code 3: the file cannot be written
 */
export async function writeReadyFile(
  path: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<ReadyFile> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'wordfreq-')) : undefined;
  const file = path ?? join(folder ?? '', 'env');
  try {
    const draft = join(dirname(file), `.wordfreq-env-${process.pid}`);
    await writeFile(draft, `${shellCommands(environment).join('\n')}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (error) {
    throw new CliError(`the file ${file} cannot be written: ${(error as Error).message}`, {
      exitCode: EXIT_CODES.environment,
      code: 'ready-file-unusable',
      hint: 'Name another file with --ready-file.',
      cause: error,
    });
  }
  return {
    path: file,
    remove: () => rm(folder ?? file, { force: true, recursive: folder !== undefined }),
  };
}
