import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import type { TextInput, TextSources } from './count-texts.ts';

/**
 * Finds the texts that arguments name: files; folders, with all files below them; patterns, where the shell did not expand them;
 * `s3://bucket/key` and, with a slash at the end, all objects below `s3://bucket/prefix/`; `-` or no argument at all for standard input.
 * In the order of the arguments, files of a folder by name.
 *
 * @throws CliError, exit code 3: nothing is there, or it may not be read
 */
export async function textInputs(
  args: readonly string[],
  sources: TextSources,
): Promise<readonly TextInput[]> {
  const inputs: TextInput[] = [];
  for (const argument of args.length === 0 ? ['-'] : args) {
    if (argument === '-') inputs.push(standardInput(sources.stdin));
    else if (argument.startsWith('s3://')) {
      // Loads the AWS SDK.
      const { objectInputs } = await import('./object-inputs.ts');
      inputs.push(...(await objectInputs(argument, sources)));
    } else inputs.push(...(await fileInputs(argument)));
  }
  return inputs;
}

function standardInput(stdin: AsyncIterable<Uint8Array>): TextInput {
  return { name: '-', open: () => stdin };
}

async function fileInputs(argument: string): Promise<readonly TextInput[]> {
  const found = statOf(argument);
  if (found?.isDirectory() === true) return Promise.all((await filesBelow(argument)).map(fileInput));
  if (found !== undefined) return [fileInputOf(argument, found)];
  const matches: string[] = [];
  if (/[*?[{]/.test(argument)) for await (const match of fs.promises.glob(argument)) matches.push(match);
  const inputs = await Promise.all(matches.sort().map(fileInput));
  const files = inputs.filter((input) => input !== undefined);
  if (files.length > 0) return files;
  throw new CliError(`no file, folder or match for ${argument}`, {
    exitCode: EXIT_CODES.environment,
    code: 'not-found',
    hint: 'Check the path; quote patterns that the shell must not expand.',
  });
}

/** What is there; a single question is answered sooner than `node:fs/promises` is loaded. */
function statOf(path: string): Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await fs.promises.readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

async function fileInput(path: string): Promise<TextInput> {
  return fileInputOf(path, await fs.promises.stat(path));
}

function fileInputOf(path: string, found: Stats): TextInput {
  const plain: Partial<TextInput> = found.isFile() ? { sizeBytes: found.size, path } : {};
  return { name: path, ...plain, open: () => readFile(path, plain.sizeBytes) };
}

const READ_BYTES = 1024 * 1024;

/** Up to here a file is read at once and in place: the threads that read in the background take longer to start. */
const SMALL_BYTES = 64 * 1024;

/** A file's bytes; how many to expect, if that is known. The chunk is used again for the next one. */
export async function* readFile(path: string, sizeBytes?: number): AsyncGenerator<Uint8Array> {
  if (sizeBytes !== undefined && sizeBytes <= SMALL_BYTES) {
    yield fs.readFileSync(path);
    return;
  }
  const file = await fs.promises.open(path);
  try {
    const buffer = new Uint8Array(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
