import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainListenFailure } from './embedded-aws-error.ts';
import { guardServer } from './guard-server.ts';
import { loadDynalite } from './load-emulators.ts';
import { surviveFailures } from './survive-failures.ts';

/** DynamoDB in a server. */
export interface DynaliteServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts dynalite on the loopback interface only. */
export async function startDynalite(options: {
  port: number;
  dataDir?: string | undefined;
  onError: (error: unknown) => void;
}): Promise<DynaliteServer> {
  const { port, dataDir, onError } = options;
  const dynalite = await loadDynalite();
  const server = dynalite({ createTableMs: 0, ...(dataDir === undefined ? {} : { path: dataDir }) });
  server.on('request', surviveLostClient);
  // In memory, the database does not fail.
  const end = dataDir === undefined ? undefined : surviveFailures(server, { dataDir, reopen, onError });
  guardServer(server);
  try {
    await listen(server, port);
  } catch (error) {
    // dynalite opens its database when it is created, and closes it only when it stops listening.
    await listen(server, 0);
    await close(server);
    throw explainListenFailure(error, port, 'DynamoDB');
  }
  const { port: chosen } = server.address() as AddressInfo;

  /** dynalite closes its database when it stops listening, and opens it when it listens again. */
  async function reopen(): Promise<void> {
    await close(server);
    await listen(server, chosen);
  }

  return {
    url: `http://127.0.0.1:${chosen}`,
    async stop() {
      await end?.();
      await close(server);
    },
  };
}

/** When a client goes away in the middle of a request, dynalite throws where nobody can catch it. */
function surviveLostClient(request: IncomingMessage): void {
  request.removeAllListeners('error');
  request.on('error', () => undefined);
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
