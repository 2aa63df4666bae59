import { access, constants, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedAwsError } from './embedded-aws-error.ts';

/** The folders in a data folder, and the function that releases it. */
export interface ClaimedFolder {
  readonly aws: string;
  readonly dynamodb: string;
  release(): void;
}

/** SQLite's result code for "another connection holds the lock". */
const SQLITE_BUSY = 5;

/** Error codes of the operating system for a wrong path or missing permissions. */
const PATH_ERRORS: ReadonlySet<unknown> = new Set(['EACCES', 'EEXIST', 'ENOTDIR', 'EPERM', 'EROFS']);

/**
 * Makes a data folder and claims it for this process. The claim is a locked SQLite file: the operating system
 * releases it even when the process is killed, so there are no stale claims. Without it, two LevelDBs would
 * open one folder, and dynalite then throws an exception that nobody can catch.
 */
export async function claimDataFolder(dataDir: string): Promise<ClaimedFolder> {
  const folders = { aws: join(dataDir, 's3-sqs-sns'), dynamodb: join(dataDir, 'dynamodb') };
  try {
    for (const folder of Object.values(folders)) {
      await mkdir(folder, { recursive: true });
      await access(folder, constants.W_OK);
    }
    return { ...folders, release: await lock(join(dataDir, 'claim.sqlite')) };
  } catch (cause) {
    throw explain(cause, dataDir);
  }
}

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

function explain(cause: unknown, dataDir: string): EmbeddedAwsError {
  const { code, errcode, message } = cause as { code?: unknown; errcode?: number; message: string };
  if (errcode === SQLITE_BUSY) {
    const hint = `Expected ${dataDir} to be free, but another process keeps its data there. Stop it or choose another folder.`;
    return new EmbeddedAwsError('data-dir-in-use', hint, { cause });
  }
  const hint = PATH_ERRORS.has(code)
    ? `Expected a folder to write to, but ${dataDir} is not one. Choose another one or change its permissions.`
    : `Expected to keep data in ${dataDir}, but that failed: ${message}.`;
  return new EmbeddedAwsError('data-dir-unusable', hint, { cause });
}
