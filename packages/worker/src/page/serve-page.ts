import type { AddressInfo } from 'node:net';
import { type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';

/** Where to listen. */
export interface ServeOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** Default: 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /** How long a request may take to arrive, with its body. Default: 120,000. */
  readonly requestTimeoutMs?: number;
}

/** A page that listens. */
export interface ServedPage {
  /** The URL of the page. */
  readonly url: string;
  /** Stops serving; resolves when all connections are closed. */
  close(): Promise<void>;
}

/** Why a page could not be served: another program listens on the port, or this one may not. */
export class ServeError extends Error {
  /** The name of the class. */
  override readonly name: string = 'ServeError';
  /** What went wrong. */
  readonly code: 'port-taken' | 'port-forbidden';
  /** Always false: somebody has to change something first. */
  readonly retryable: boolean = false;

  constructor(code: ServeError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Serves the page.
 *
 * @throws ServeError `port-taken`, `port-forbidden`
 */
export async function servePage(page: Hono, options: ServeOptions): Promise<ServedPage> {
  const { host = '127.0.0.1' } = options;
  const server = await listen(page, { ...options, host });
  const { port: chosen } = server.address() as AddressInfo;
  return {
    url: `http://${nameOf(host)}:${chosen}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        // A browser keeps connections open for its next question.
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

function nameOf(host: string): string {
  if (host === '127.0.0.1') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Node's own limits are a minute for headers and five minutes for a body, and it looks twice a minute only.
 */
function listen(
  { fetch }: Hono,
  {
    port,
    host: hostname,
    requestTimeoutMs: requestTimeout = 120_000,
  }: ServeOptions & { readonly host: string },
): Promise<ServerType> {
  const headersTimeout = Math.min(10_000, requestTimeout);
  const connectionsCheckingInterval = Math.ceil(headersTimeout / 4);
  const serverOptions = { headersTimeout, requestTimeout, connectionsCheckingInterval };
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname, serverOptions }, () => resolve(server));
    server.once('error', (error: NodeJS.ErrnoException) => reject(toServeError(error, port)));
  });
}

function toServeError(error: NodeJS.ErrnoException, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ServeError(
      'port-taken',
      `Expected port ${port} to be free for the page, but another program listens there. Choose another port.`,
      { cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new ServeError(
      'port-forbidden',
      `Expected to be allowed to listen on port ${port}; ports below 1024 need more rights.`,
      { cause: error },
    );
  }
  return error;
}
