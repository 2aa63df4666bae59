import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fs } from '../builtin-modules.ts';
import { inBatches, type Line } from './terminal.ts';

/** How a file is written. */
interface WriteFileOptions {
  readonly signal?: AbortSignal;
  /** Permissions of a new file, less the umask; one that is replaced keeps its own. Default: 0o666. */
  readonly mode?: number;
}

/**
 * Writes a file of lines whole or not at all: beside it first, and then in its place. Links stay, and the
 * file that they lead to is replaced, with its permissions and owner. What is not a regular file (a device, a
 * FIFO, `/dev/stdout`) is written to as it is.
 *
 * @throws what Node throws when it cannot be written; the signal's reason, and then nothing is left
 */
export async function writeFileAtomically(
  path: string,
  lines: Iterable<Line>,
  { signal, mode = 0o666 }: WriteFileOptions = {},
): Promise<void> {
  const batches = inBatches(lines);
  const { promises, constants } = fs;
  const there = await unlessMissing(promises.stat(path));
  if (there !== undefined && isWrittenInPlace(path, there)) {
    await writeAll(await promises.open(path, constants.O_WRONLY | constants.O_APPEND), batches, signal);
    return;
  }
  const target = there === undefined ? await endOfLinks(path) : await promises.realpath(path);
  const draft = `${target}.${process.pid}.part`;
  try {
    const file = await promises.open(draft, 'w', mode);
    await writeAll(file, batches, signal, async () => {
      if (there === undefined) return;
      // Only root may give files away; for all others the new file is theirs, like every file that they
      // write.
      await file.chown(there.uid, there.gid).catch(() => undefined);
      await file.chmod(there.mode & 0o7777);
    });
    await promises.rename(draft, target);
  } catch (error) {
    await promises.rm(draft, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
}

/** What is wrong with the location of a file, without the name of the draft beside it. */
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

/** Why a file could not be written, to follow a colon. */
export function whyUnwritable(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code] ?? message;
}

/** Removes a file that was written, and leaves alone what was not made for it: links, devices, FIFOs. */
export async function removeWrittenFile(path: string): Promise<void> {
  const there = await unlessMissing(fs.promises.stat(path));
  if (there === undefined || isWrittenInPlace(path, there)) return;
  await fs.promises.rm(await fs.promises.realpath(path), { force: true });
}

/** Names of open files lead to regular files, too, which their openers expect to stay the same ones. */
function isWrittenInPlace(path: string, there: Stats): boolean {
  return !there.isFile() || /^\/(dev|proc)\//.test(path);
}

async function writeAll(
  file: Awaited<ReturnType<typeof fs.promises.open>>,
  batches: Iterable<string | Uint8Array>,
  signal: AbortSignal | undefined,
  prepare: () => Promise<void> = async () => undefined,
): Promise<void> {
  try {
    await prepare();
    for (const batch of batches) {
      signal?.throwIfAborted();
      await file.writeFile(batch);
    }
  } finally {
    await file.close();
  }
}

const MAX_LINKS = 40;

/** Where a path leads that has no file yet: a link may lead to a place where one is to be made. */
async function endOfLinks(path: string): Promise<string> {
  let end = path;
  for (let links = 0; links < MAX_LINKS; links += 1) {
    const next = await fs.promises.readlink(end).catch(() => undefined);
    if (next === undefined) break;
    end = resolve(dirname(end), next);
  }
  return end;
}

async function unlessMissing(found: Promise<Stats>): Promise<Stats | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
