import { createReadStream } from 'node:fs';
import { glob, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { CliError } from '../errors/cli-error.ts';
import { EXIT_CODES } from '../errors/exit-codes.ts';

/** A text to count: where it is from, and its bytes. */
export interface TextInput {
  /** A path, or `-` for standard input. */
  readonly name: string;
  /** Opens the text; compressed files (`.gz`) come out plain. */
  open(): AsyncIterable<Uint8Array>;
}

/**
 * Finds the texts that arguments name: files; folders, with all files below them; patterns, where the shell did not expand them; `-` or no
 * argument at all for standard input. In the order of the arguments, files of a folder by name.
 *
 * @throws CliError, exit code 3: nothing is there, or it may not be read
 */
export async function textInputs(
  args: readonly string[],
  stdin: AsyncIterable<Uint8Array>,
): Promise<readonly TextInput[]> {
  const inputs: TextInput[] = [];
  for (const argument of args.length === 0 ? ['-'] : args) {
    if (argument === '-') inputs.push({ name: '-', open: () => stdin });
    else inputs.push(...(await pathsOf(argument)).map(fileInput));
  }
  return inputs;
}

async function pathsOf(argument: string): Promise<readonly string[]> {
  const found = await stat(argument).catch(() => undefined);
  if (found?.isDirectory() === true) return filesBelow(argument);
  if (found !== undefined) return [argument];
  const matches: string[] = [];
  if (/[*?[{]/.test(argument)) for await (const match of glob(argument)) matches.push(match);
  if (matches.length > 0) return matches.sort();
  throw new CliError(`no file, folder or match for ${argument}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Check the path; quote patterns that the shell must not expand.',
  });
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function fileInput(path: string): TextInput {
  return { name: path, open: () => readFile(path) };
}

async function* readFile(path: string): AsyncIterable<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    yield* path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CliError(`${path} cannot be read: ${REASONS.get(code ?? '') ?? message}`, {
      exitCode: EXIT_CODES.environment,
      cause: error,
    });
  } finally {
    file.destroy();
  }
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['EACCES', 'permission denied'],
  ['EISDIR', 'it is a folder'],
  ['Z_DATA_ERROR', 'it is not gzip, although its name says so'],
  ['Z_BUF_ERROR', 'the compressed file ends too early'],
]);
