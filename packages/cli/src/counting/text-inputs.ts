import type { Stats } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fs } from '../builtin-modules.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { READ_BYTES, readRegular } from '../terminal/standard-streams.ts';
import {
  addSkipped,
  type FoundTexts,
  isOfInput,
  joinPath,
  NOTHING_SKIPPED,
  type Path,
  shownPath,
  type TextInput,
  type TextSources,
  unreadable,
} from './found-texts.ts';

/**
 * Finds the texts that arguments name: files; folders, with the files below them; patterns, where the shell
 * did not expand them; `s3://bucket/key` and, with a slash at the end, all objects below
 * `s3://bucket/prefix/`; `-` or no argument at all for standard input. In the order of the arguments, files
 * of a folder by name. What cannot be read is among the problems, and the rest is found.
 */
export async function textInputs(args: readonly string[], sources: TextSources): Promise<FoundTexts> {
  const taken = new Set<string>();
  return gather(args.length === 0 ? ['-'] : args, (argument) => textsOf(argument, sources, taken), sources);
}

async function gather<T>(
  names: readonly T[],
  find: (name: T) => Promise<FoundTexts>,
  { signal }: TextSources,
): Promise<FoundTexts> {
  const inputs: TextInput[] = [];
  const problems: unknown[] = [];
  let skipped = NOTHING_SKIPPED;
  for (const name of names) {
    try {
      const found = await find(name);
      inputs.push(...found.inputs);
      problems.push(...found.problems);
      skipped = addSkipped(skipped, found.skipped);
    } catch (error) {
      signal.throwIfAborted();
      if (!isOfInput(error)) throw error;
      problems.push(error);
    }
  }
  return { inputs, problems, skipped };
}

const only = (inputs: readonly TextInput[]): FoundTexts => ({
  inputs,
  problems: [],
  skipped: NOTHING_SKIPPED,
});

async function textsOf(argument: string, sources: TextSources, taken: Set<string>): Promise<FoundTexts> {
  if (argument === '-') return only([{ name: '-', open: () => sources.stdin }]);
  if (argument.startsWith('s3://')) {
    // Loads the AWS SDK.
    const { objectInputs } = await import('./object-inputs.ts');
    return only(await objectInputs(argument, sources));
  }
  const path = existing(argument, taken);
  if (path !== undefined) return textsAt(path, sources);
  if (/[*?[{]/.test(argument)) return textsOfPattern(argument, sources);
  throw notFound(argument);
}

/** The file or folder that a name means; of several with the same name, the first that is not taken. */
function existing(name: string, taken: Set<string>): Path | undefined {
  if (statOf(name) !== undefined) return name;
  const found = namesakes(name).find((path) => !taken.has(path.toString('latin1')));
  if (found !== undefined) taken.add(found.toString('latin1'));
  return found;
}

/** What is there; a single question is answered sooner than `node:fs/promises` is loaded. */
function statOf(path: Path): Stats | undefined {
  try {
    return fs.statSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return undefined;
    throw unreadable(shownPath(path), error);
  }
}

/**
 * Node gives names as text, with U+FFFD for bytes that are not UTF-8: the files that may be meant are those
 * whose names are the same text.
 */
function namesakes(name: string): readonly Buffer[] {
  if (!name.includes('\ufffd')) return [];
  const folder = dirname(name);
  return namesIn(folder)
    .filter((bytes) => bytes.toString() === basename(name))
    .map((bytes) => Buffer.from(joinPath(folder, bytes)));
}

function namesIn(folder: string): readonly Buffer[] {
  try {
    return fs.readdirSync(folder, 'buffer');
  } catch {
    return [];
  }
}

async function textsOfPattern(pattern: string, sources: TextSources): Promise<FoundTexts> {
  // A set, because names that are the same text may come once or several times.
  const matches = new Set<string>();
  for await (const match of fs.promises.glob(pattern)) matches.add(match);
  // With `**`, the files of folders match themselves.
  const isDeep = pattern.includes('**');
  const paths = [...matches]
    .sort()
    .flatMap((match): readonly Path[] => (statOf(match) === undefined ? namesakes(match) : [match]))
    .filter((path) => !isDeep || statOf(path)?.isDirectory() !== true);
  if (paths.length === 0) throw notFound(pattern);
  return gather(paths, async (path) => textsAt(path, sources), sources);
}

function notFound(argument: string): CliError {
  return new CliError(`no file, folder or match for ${argument}`, {
    exitCode: EXIT_CODES.environment,
    code: 'not-found',
    hint: 'Check the path; quote patterns that the shell must not expand.',
  });
}

async function textsAt(path: Path, sources: TextSources): Promise<FoundTexts> {
  const found = statOf(path);
  if (found === undefined) throw notFound(shownPath(path));
  if (!found.isDirectory()) {
    return only([fileInput(path, shownPath(path), found.isFile() ? found.size : undefined)]);
  }
  // Loads what reads ignore files.
  const { filesBelow } = await import('./folder-files.ts');
  const { files, problems, skipped } = await filesBelow(path, sources.options, sources.signal);
  const inputs = files.map(({ path: file, name, sizeBytes }) => ({
    ...fileInput(file, name, sizeBytes),
    isOfFolder: true,
  }));
  return {
    inputs,
    problems: files.length + problems.length === 0 ? [nothingIn(shownPath(path))] : problems,
    skipped,
  };
}

function nothingIn(folder: string): CliError {
  return new CliError(`no file to count in ${folder}`, {
    exitCode: EXIT_CODES.environment,
    code: 'nothing-to-count',
    hint: 'Name another folder; --hidden, --no-ignore, --follow and --glob say what is counted in it.',
  });
}

/** A file; with its size, if it is a regular one. */
function fileInput(path: Path, name: string, sizeBytes: number | undefined): TextInput {
  const plain: Partial<TextInput> =
    sizeBytes === undefined ? {} : { sizeBytes, ...(typeof path === 'string' ? { path } : {}) };
  return { name, ...plain, open: () => readFile(path, sizeBytes) };
}

/** A file's bytes; how many to expect, if that is known. The chunk is used again for the next one. */
async function* readFile(path: Path, sizeBytes?: number): AsyncGenerator<Uint8Array> {
  if (sizeBytes === undefined) yield* readWaiting(path);
  else if (sizeBytes <= READ_BYTES) yield fs.readFileSync(path);
  else yield* readInPlace(path);
}

async function* readInPlace(path: Path): AsyncGenerator<Uint8Array> {
  const file = fs.openSync(path, 'r');
  try {
    yield* readRegular(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Reads what may have to be waited for, such as a named pipe. */
async function* readWaiting(path: Path): AsyncGenerator<Uint8Array> {
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
