import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { type BrowserRequest, isFromAnotherOrigin, namesThisMachine } from '../rules/index.ts';

/** How long a client may take to send a request's headers. */
const HEADERS_TIMEOUT_MS = 10_000;
/**
 * A body that brings fewer bytes than this in a period has stalled. Large bodies may take as long as they
 * need.
 */
const STALL_BYTES = 1024;

/**
 * Makes a server answer programs on this machine only, and no web site that a browser on this machine has
 * open: the embedded servers do not check signatures, so whoever reaches them may do everything. No response lets
 * scripts of another origin read it. Clients that stop in the middle of a request lose their connection.
 */
export function guardServer(
  server: Server,
  { stallPeriodMs = 10_000 }: { readonly stallPeriodMs?: number } = {},
): void {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // An object may be HTML: its scripts must not run as scripts of this origin.
    response.setHeader('Content-Security-Policy', 'sandbox');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    const refusal = refusalOf(browserRequest(request));
    if (refusal !== undefined) return refuse(response, refusal);
    endWhenStalled(request, stallPeriodMs);
    for (const listener of listeners) listener(request, response);
  });
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = 0;
}

function browserRequest({ method = '', headers }: IncomingMessage): BrowserRequest {
  return {
    method,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

function refusalOf(request: BrowserRequest): string | undefined {
  if (!namesThisMachine(request)) {
    return 'Expected the Host header to name localhost, 127.0.0.1 or a name below localhost.';
  }
  if (isFromAnotherOrigin(request)) {
    return 'Expected a request from a program, but a web page made a browser send this one. Call AWS from a server or a command line.';
  }
  return undefined;
}

function refuse(response: ServerResponse, reason: string): void {
  // Nobody reads the body of the request, so the connection cannot be used again.
  response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(`${reason}\n`);
}

function endWhenStalled(request: IncomingMessage, periodMs: number): void {
  const { socket } = request;
  let bytesBefore = socket.bytesRead;
  const watch = setInterval(() => {
    if (request.complete) return clearInterval(watch);
    if (socket.bytesRead - bytesBefore < STALL_BYTES) request.destroy();
    bytesBefore = socket.bytesRead;
  }, periodMs);
  request.once('close', () => clearInterval(watch));
}
