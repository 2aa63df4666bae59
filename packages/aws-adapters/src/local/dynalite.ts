import { create as createDomain } from 'node:domain';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainListenFailure } from './embedded-aws-error.ts';
import { guardServer } from './guard-server.ts';
import { loadDynalite } from './load-emulators.ts';

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
  if (dataDir !== undefined) answerFailures(server, onError);
  guardServer(server);
  try {
    await listen(server, port);
  } catch (error) {
    // dynalite opens its database when it is created, and closes it only when it stops listening.
    await listen(server, 0);
    await close(server);
    throw explainListenFailure(error, port, 'DynamoDB');
  }
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, stop: () => close(server) };
}

/** When a client goes away in the middle of a request, dynalite throws where nobody can catch it. */
function surviveLostClient(request: IncomingMessage): void {
  request.removeAllListeners('error');
  request.on('error', () => undefined);
}

/**
 * When its database fails, such as when the disk is full, dynalite throws in a callback, which would end the
 * process. A domain is Node's way to tell to which request such an exception belongs.
 */
function answerFailures(server: Server, onError: (error: unknown) => void): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const domain = createDomain();
    // They were created outside of the domain.
    domain.add(request);
    domain.add(response);
    domain.on('error', (error) => {
      onError(error);
      if (!response.headersSent) response.writeHead(500, { 'Content-Type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify({ __type: 'InternalServerError', message: error.message }));
    });
    domain.run(() => {
      for (const listener of listeners) listener(request, response);
    });
  });
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
