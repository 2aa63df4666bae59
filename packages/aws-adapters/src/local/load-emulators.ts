import { existsSync } from 'node:fs';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { EmbeddedAwsError } from './embedded-aws-error.ts';
import type { FauxqsInternals } from './fauxqs-internals.ts';

// The emulators are optional peers, loaded when they are started. The command line is bundled with them: its
// build replaces this file.

/** dynalite has no types; this is all that is used of it. */
type Dynalite = (options: { path?: string; createTableMs: number }) => Server;

/** Loads the pieces of the installed fauxqs. */
export async function loadFauxqs(): Promise<FauxqsInternals> {
  const folder = fauxqsFolder();
  const load = (file: string): Promise<FauxqsInternals> =>
    import(/* @vite-ignore */ pathToFileURL(join(folder, 'dist', file)).href).catch(explainOldNode);
  const [{ buildApp }, { SqsStore }, { SnsStore }, { S3Store }, { PersistenceManager }] = await Promise.all([
    load('app.js'),
    load('sqs/sqsStore.js'),
    load('sns/snsStore.js'),
    load('s3/s3Store.js'),
    load('persistence.js'),
  ]);
  return { buildApp, SqsStore, SnsStore, S3Store, PersistenceManager };
}

function explainOldNode(cause: unknown): never {
  if ((cause as NodeJS.ErrnoException).code !== 'ERR_UNKNOWN_BUILTIN_MODULE') throw cause;
  const advice = `Expected Node 22.13 or newer, which has SQLite built in, but this is ${process.version}.`;
  throw new EmbeddedAwsError('node-too-old', advice, { cause });
}

/**
 * Not `require.resolve`: fauxqs has no CommonJS entry. Not `import.meta.resolve`: CommonJS has no such thing.
 */
function fauxqsFolder(): string {
  const folders = createRequire(import.meta.url).resolve.paths('fauxqs') ?? [];
  const found = folders.map((folder) => join(folder, 'fauxqs')).find((folder) => existsSync(folder));
  if (found !== undefined) return found;
  throw new EmbeddedAwsError(
    'not-installed',
    'Expected the package fauxqs, but it is not installed. Run: npm install fauxqs dynalite',
  );
}

/** Loads the installed dynalite. */
export async function loadDynalite(): Promise<Dynalite> {
  const name: string = 'dynalite';
  try {
    const module = (await import(/* @vite-ignore */ name)) as { default: Dynalite };
    return module.default;
  } catch (cause) {
    const advice = 'Expected the package dynalite, but it is not installed. Run: npm install fauxqs dynalite';
    throw new EmbeddedAwsError('not-installed', advice, { cause });
  }
}
