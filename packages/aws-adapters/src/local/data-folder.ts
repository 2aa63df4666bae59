import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedAwsError } from './embedded-aws-error.ts';

/** The folders in a data folder, and the function that releases it. */
export interface ClaimedFolder {
  readonly aws: string;
  readonly dynamodb: string;
  release(): void;
}

/** SQLite's result code for "another connection holds the lock". */
const SQLITE_BUSY = 5;
/** SQLite's result code for a disk without room. */
const SQLITE_FULL = 13;

/** Error codes of the operating system for a wrong path or missing permissions. */
const PATH_ERRORS: ReadonlySet<unknown> = new Set('EACCES EEXIST ENOENT ENOTDIR EPERM EROFS'.split(' '));

/**
 * Makes a data folder and claims it for this process. The claim is a locked SQLite file: the operating system
 * releases it even when the process is killed, so there are no stale claims. Without it, two LevelDBs would
 * open one folder, and dynalite then throws an exception that nobody can catch.
 */
export async function claimDataFolder(dataDir: string): Promise<ClaimedFolder> {
  const folders = { aws: join(dataDir, 's3-sqs-sns'), dynamodb: join(dataDir, 'dynamodb') };
  try {
    for (const folder of Object.values(folders)) {
      await makeFolder(folder);
      await access(folder, constants.W_OK);
    }
    return { ...folders, release: await lock(join(dataDir, 'claim.sqlite')) };
  } catch (cause) {
    throw explainFolder(cause, dataDir);
  }
}

/**
 * Creates a folder and its missing parents. Node's own `recursive` never returns where the system reports an existing
 * folder as missing, as in `/proc`.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && (await stat(folder)).isDirectory()) return;
    const parent = dirname(folder);
    if (code !== 'ENOENT' || (await isThere(parent))) throw error;
    await makeFolder(parent);
    await mkdir(folder);
  }
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function lock(file: string): Promise<() => void> {
  // Loaded only here: Node has it since 22.5, this package's other parts run on 20.
  const { DatabaseSync } = await import('node:sqlite');
  const database = new DatabaseSync(file);
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return () => database.close();
}

/** Errors of the operating system have a code, those of SQLite a number. */
interface FolderFailure {
  readonly code?: unknown;
  readonly errcode?: number;
  readonly message: string;
}

/** Turns a failure of a data folder into an error that names the folder. */
export function explainFolder(cause: unknown, dataDir: string): Error {
  const failure = cause as FolderFailure & Error;
  // A library that is missing, which is no fault of the folder.
  if (failure.code === 'not-installed') return failure;
  if (failure.errcode === SQLITE_BUSY) {
    const hint = `Expected ${dataDir} to be free, but another process keeps its data there. Stop it or choose another folder.`;
    return new EmbeddedAwsError('data-dir-in-use', hint, { cause });
  }
  return new EmbeddedAwsError('data-dir-unusable', whyUnusable(failure, dataDir), { cause });
}

function whyUnusable({ code, errcode, message }: FolderFailure, dataDir: string): string {
  if (PATH_ERRORS.has(code))
    return `Expected a folder to write to, but ${dataDir} is not one. Choose another one or change its permissions.`;
  const hint =
    code === 'ENOSPC' || errcode === SQLITE_FULL ? 'Free some space there.' : 'Choose another folder.';
  return `Expected to keep data in ${dataDir}, but that failed: ${message}. ${hint}`;
}
