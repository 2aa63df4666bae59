import { create as createDomain } from 'node:domain';
import { statfs } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** How a server survives failures of its database. */
interface SurviveFailuresOptions {
  /** The folder of the database. */
  readonly dataDir: string;
  /** Closes the database and opens it again. */
  readonly reopen: () => Promise<void>;
  /** Called with each failure. */
  readonly onError: (error: unknown) => void;
  /** How much must be free in the folder before the database is opened again. Default: 8 MB. */
  readonly neededBytes?: number;
}

/** LevelDB writes up to 4 MB of its log into a table when it is opened. */
const NEEDED_BYTES = 8_000_000;
const LOOK_AGAIN_MS = 500;

const READS = /\.(?:BatchGetItem|Describe\w+|GetItem|List\w+|Query|Scan)$/;

/**
 * Responds to requests with the reason when dynalite's database fails, such as when the disk is full.
 *
 * A write that failed may have left half a record in LevelDB's log. What is written after it is lost at the
 * next start, although it was confirmed. So no write is accepted until there is room, and the database has
 * been opened again; reads go on.
 *
 * Returns a function that ends a recovery in progress.
 */
export function surviveFailures(server: Server, options: SurviveFailuresOptions): () => Promise<void> {
  const { onError } = options;
  const listeners = server.listeners('request') as RequestListener[];
  const stopping = new AbortController();
  let failure: Error | undefined;
  let recovery: Promise<void> = Promise.resolve();

  function fail(error: Error): void {
    onError(error);
    if (!isOfDatabase(error)) return;
    if (failure === undefined) recovery = recover();
    failure = error;
  }

  async function recover(): Promise<void> {
    await waitForRoom(options, stopping.signal);
    if (stopping.signal.aborted) return;
    // If the database could not be opened, the next request fails and starts another recovery.
    await options.reopen().catch(onError);
    failure = undefined;
  }

  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (failure !== undefined && isWrite(request)) return refuse(response, failure);
    // dynalite throws in callbacks, which would end the process. A domain is Node's way to tell to which
    // request such an exception belongs.
    const domain = createDomain();
    // Request and response were created outside of the domain.
    domain.add(request);
    domain.add(response);
    domain.on('error', (error) => {
      fail(error);
      refuse(response, error);
    });
    domain.run(() => {
      for (const listener of listeners) listener(request, response);
    });
  });

  return async () => {
    stopping.abort();
    await recovery;
  };
}

function isWrite({ headers }: IncomingMessage): boolean {
  return !READS.test(String(headers['x-amz-target']));
}

/** Whether an error comes from LevelDB, or from dynalite because its database is not open. */
function isOfDatabase({ code, message }: NodeJS.ErrnoException): boolean {
  return code?.startsWith('LEVEL_') === true || message === 'Database is closed';
}

async function waitForRoom(
  { dataDir, neededBytes = NEEDED_BYTES }: SurviveFailuresOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // If the free space cannot be determined, opening the database is the only way to know.
    const free = await statfs(dataDir).then(
      ({ bavail, bsize }) => bavail * bsize,
      () => Number.POSITIVE_INFINITY,
    );
    if (free >= neededBytes) return;
    await delay(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

function refuse(response: ServerResponse, { message }: Error): void {
  if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'InternalServerError', message }));
}
