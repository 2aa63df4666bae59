import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { inBatches } from './terminal.ts';

/**
 * Writes a file whole or not at all: beside it first, and then in its place.
 *
 * @throws CliError, exit code 3: it cannot be written; the signal's reason, and then nothing is left
 */
export async function writeFileAtomically(
  path: string,
  lines: Iterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const file = await fs.promises.open(draft, 'w');
    try {
      for (const batch of inBatches(lines)) {
        signal.throwIfAborted();
        await file.write(batch);
      }
    } finally {
      await file.close();
    }
    await fs.promises.rename(draft, path);
  } catch (cause) {
    await fs.promises.rm(draft, { force: true });
    signal.throwIfAborted();
    throw new CliError(`${path} cannot be written: ${(cause as Error).message}`, {
      exitCode: EXIT_CODES.environment,
      code: 'unwritable',
      hint: 'Choose another file with --output.',
      cause,
    });
  }
}
