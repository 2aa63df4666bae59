import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the proxy does to one answer. */
export type Fault =
  /** Passes this many bytes of the body on, then resets the connection. */
  | { readonly kind: 'cut'; readonly afterBytes: number }
  /** Passes this many bytes of the body on, then keeps silent. */
  | { readonly kind: 'stall'; readonly afterBytes: number }
  /**
   * Passes this many bytes of the body on, then ends it as if it were whole, without ever stating a length.
   */
  | { readonly kind: 'shorten'; readonly afterBytes: number }
  /** Answers by itself, without asking the server. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string;
    }
  /** Changes one byte of the body. */
  | { readonly kind: 'corrupt'; readonly atByte: number };

/** A request that came by. */
export interface SeenRequest {
  readonly method: string;
  /** With the query, percent-encoded. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  /** Whether the client closed the connection before it had the whole answer. */
  abandoned: boolean;
}

/** An HTTP proxy on the loopback interface that corrupts responses on request. */
export interface FaultProxy {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  stop(): Promise<void>;
}

/** Starts a proxy in front of a server; `faultFor` decides about each request, `index` counts from 0. */
export async function startFaultProxy(
  target: string,
  faultFor: (seen: SeenRequest, index: number) => Fault | undefined | Promise<Fault | undefined>,
): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing));

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = incoming;
    const entry: SeenRequest = { method, url, headers, abandoned: false };
    seen.push(entry);
    outgoing.on('close', () => {
      entry.abandoned = !outgoing.writableFinished;
    });
    const fault = await faultFor(entry, seen.length - 1);
    if (fault?.kind === 'answer') return answer(incoming, outgoing, fault);
    const forwarded = request(new URL(target), { path: url, method, headers }, (response) => {
      const answered = { ...response.headers };
      if (fault?.kind === 'shorten') delete answered['content-length'];
      outgoing.writeHead(response.statusCode ?? 502, answered);
      passOn(response, outgoing, fault);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { status, headers = {}, body = '' }: Extract<Fault, { kind: 'answer' }>,
): void {
  incoming.resume();
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

function passOn(response: IncomingMessage, outgoing: ServerResponse, fault: Fault | undefined): void {
  let passed = 0;
  response.on('data', (chunk: Buffer) => {
    const before = passed;
    passed += chunk.length;
    if (fault?.kind === 'corrupt' && before <= fault.atByte && fault.atByte < passed) {
      chunk[fault.atByte - before] = (chunk[fault.atByte - before] ?? 0) ^ 1;
    }
    if (fault?.kind === 'shorten')
      return void outgoing.write(chunk.subarray(0, Math.max(0, fault.afterBytes - before)));
    if (fault?.kind !== 'cut' && fault?.kind !== 'stall') return void outgoing.write(chunk);
    if (before >= fault.afterBytes) return;
    const last = passed >= fault.afterBytes;
    outgoing.write(chunk.subarray(0, fault.afterBytes - before), () => {
      if (last && fault.kind === 'cut') outgoing.socket?.resetAndDestroy();
    });
  });
  const spoilt = fault?.kind === 'cut' || fault?.kind === 'stall' ? fault : undefined;
  if (spoilt?.afterBytes === 0) outgoing.flushHeaders();
  response.on('end', () => {
    if (spoilt === undefined || passed < spoilt.afterBytes) return void outgoing.end();
    if (spoilt.kind === 'cut' && spoilt.afterBytes === 0) outgoing.socket?.resetAndDestroy();
  });
}
