import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isTextKey } from '@org/wordfreq-aws-adapters/rules';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

/** A file to upload, and the key it gets. */
export interface SampleFile {
  readonly path: string;
  /** The path below the folder, with `/` on every platform. */
  readonly key: string;
  readonly sizeBytes: number;
}

/**
 * The `.txt` files below a folder, compressed ones (`.txt.gz`, `.txt.zst`) included, in the order of their keys.
 *
 * @throws CliError, exit code 3: the folder is missing, is not a folder, cannot be read, or holds no `.txt` file
 */
export async function sampleFiles(folder: string): Promise<readonly SampleFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unreadable(folder, error);
  });
  const texts = entries.filter((entry) => entry.isFile() && isTextKey(entry.name, '.txt'));
  if (texts.length === 0) {
    throw new CliError(`no .txt file in ${folder}`, {
      exitCode: EXIT_CODES.environment,
      hint: 'Name a folder with .txt files: --samples <folder>',
    });
  }
  const files = texts.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    const key = relative(folder, path).split(sep).join('/');
    return { path, key, sizeBytes: (await stat(path)).size };
  });
  return (await Promise.all(files)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'is not a folder',
  EACCES: 'cannot be read: permission denied',
};

function unreadable(folder: string, error: NodeJS.ErrnoException): CliError {
  return new CliError(`the folder ${folder} ${REASONS[error.code ?? ''] ?? error.message}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Name a folder with .txt files: --samples <folder>',
    cause: error,
  });
}
