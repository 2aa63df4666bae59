import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { AdapterError } from '@org/wordfreq-aws-adapters/errors';
import { COMPRESSION_SUFFIXES, checkKey, KEY_FORM } from '@org/wordfreq-aws-adapters/rules';
import { CliError, EXIT_CODES, UsageError } from '../../errors.ts';

/** A file to upload, and where to. */
export interface PlannedUpload {
  readonly path: string;
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: string;
  /** The encoding that the file is converted from; absent if it is uploaded as it is. */
  readonly encoding?: string;
}

/** How keys and types are made. */
interface PlanOptions {
  /** In front of each key. Default: nothing. */
  readonly prefix?: string | undefined;
  /** Default: by the file's name. */
  readonly contentType?: string | undefined;
  /** The files' encoding, to convert them to UTF-8. Default: they are uploaded as they are. */
  readonly encoding?: string | undefined;
  /** Called with how many links a folder has: they are left out. */
  readonly onLinks?: (folder: string, count: number) => void;
}

/** By the end of a name; what is not listed is not text. */
const CONTENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['.txt', 'text/plain'],
  ['.text', 'text/plain'],
  ['.log', 'text/plain'],
  ['.md', 'text/markdown'],
  ['.csv', 'text/csv'],
  ['.tsv', 'text/tab-separated-values'],
  ['.html', 'text/html'],
  ['.xml', 'application/xml'],
  ['.json', 'application/json'],
  ['.gz', 'application/gzip'],
  ['.zst', 'application/zstd'],
]);
const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * Decides which file becomes which key: a file's own name, a folder's files by their paths below it, each
 * after the prefix. Everything that can be wrong is found before anything is sent.
 *
 * @throws CliError, exit code 2: two files would get one key, or a key is too long; 3: a file is missing or
 * cannot be read
 * @throws UsageError if files cannot be converted from the encoding
 */
export async function planUploads(
  paths: readonly string[],
  { prefix = '', contentType, encoding: label, onLinks }: PlanOptions = {},
): Promise<readonly PlannedUpload[]> {
  const encoding = label === undefined ? undefined : convertible(label, contentType);
  const plan: PlannedUpload[] = [];
  const taken = new Map<string, string>();
  for (const argument of paths) {
    for (const [path, name] of await filesOf(argument, onLinks)) {
      const key = prefix + name;
      const other = taken.get(key);
      if (other !== undefined) {
        throw new CliError(`${other} and ${path} would both become ${key}`, {
          exitCode: EXIT_CODES.usage,
          hint: 'Upload them by their common folder, or one of them with another --prefix.',
        });
      }
      requireKey(key);
      if (encoding !== undefined) refuseCompressed(path, name);
      taken.set(key, path);
      plan.push({
        path,
        key,
        sizeBytes: await readableSize(path),
        contentType: contentType ?? contentTypeOf(name),
        ...(encoding === undefined ? {} : { encoding }),
      });
    }
  }
  if (plan.length > 0) return plan;
  throw new CliError(`there is no file in ${paths.join(', ')}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Name files, or folders with files in them.',
  });
}

/** Returns the standard name of an encoding. After the conversion, a declared charset would be wrong. */
function convertible(label: string, contentType = ''): string {
  if (/charset/i.test(contentType))
    throw new UsageError(
      '--encoding converts to UTF-8, but --content-type declares a charset',
      'usage-contradiction',
      'Leave one of them out: with a charset the files are uploaded as they are, and read in it.',
    );
  try {
    return new TextDecoder(label).encoding;
  } catch {
    throw new UsageError(
      `--encoding ${label}: expected an encoding such as windows-1252, gb18030, shift_jis or utf-16le`,
    );
  }
}

function refuseCompressed(path: string, name: string): void {
  if (!COMPRESSION_SUFFIXES.some((suffix) => name.endsWith(suffix))) return;
  throw new CliError(`${path} is compressed, but --encoding converts only texts that are not`, {
    exitCode: EXIT_CODES.usage,
    code: 'compressed',
    hint: 'Decompress it first.',
  });
}

/**
 * The bytes to upload. The file is opened when the first of them is needed.
 *
 * @throws AdapterError `invalid` if a file is not in the encoding that it is to be converted from
 */
export async function* bytesOf({ path, encoding }: PlannedUpload): AsyncIterable<Uint8Array> {
  if (encoding === undefined) {
    yield* createReadStream(path);
    return;
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  const encoder = new TextEncoder();
  try {
    for await (const chunk of createReadStream(path))
      yield encoder.encode(decoder.decode(chunk, { stream: true }));
    yield encoder.encode(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new AdapterError(
      'invalid',
      `Expected text in ${encoding}, but ${path} has other bytes. Name its own encoding with --encoding.`,
      { cause: error },
    );
  }
}

async function filesOf(
  argument: string,
  onLinks: PlanOptions['onLinks'],
): Promise<readonly (readonly [path: string, name: string])[]> {
  const found = await stat(argument).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(argument, error);
  });
  if (!found.isDirectory()) return [[argument, basename(argument)]];
  const entries = await readdir(argument, { recursive: true, withFileTypes: true }).catch((error) => {
    throw unreadable(argument, error);
  });
  const links = entries.filter((entry) => entry.isSymbolicLink()).length;
  if (links > 0) onLinks?.(argument, links);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path): [string, string] => [path, relative(argument, path).split(sep).join('/')])
    .sort(([, a], [, b]) => (a < b ? -1 : 1));
}

/** Opening a file is the only sure way to know that it can be read. */
async function readableSize(path: string): Promise<number> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function requireKey(key: string): void {
  if (checkKey(key) !== undefined) return;
  const came = `${key.slice(0, 40)}… has ${Buffer.byteLength(key)}`;
  throw new CliError(`expected a key of ${KEY_FORM}, but ${came}`, {
    exitCode: EXIT_CODES.usage,
    hint: 'Choose a shorter --prefix, or rename the file.',
  });
}

function contentTypeOf(name: string): string {
  const suffix = /\.[^./]+$/.exec(name)?.[0].toLowerCase() ?? '';
  return CONTENT_TYPES.get(suffix) ?? UNKNOWN_TYPE;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
};

function unreadable(path: string, error: NodeJS.ErrnoException): CliError {
  // Node shows bytes that are not UTF-8 like this, and then finds no file of that name.
  if (error.code === 'ENOENT' && path.includes('\ufffd')) {
    return new CliError(`the name of ${path} is not UTF-8, as the key of an object must be`, {
      exitCode: EXIT_CODES.environment,
      hint: 'Rename the file, or leave it out; nothing has been uploaded.',
      cause: error,
    });
  }
  return new CliError(`${path} ${REASONS[error.code ?? ''] ?? `cannot be read: ${error.message}`}`, {
    exitCode: EXIT_CODES.environment,
    hint: 'Name files or folders that can be read; nothing has been uploaded.',
    cause: error,
  });
}
