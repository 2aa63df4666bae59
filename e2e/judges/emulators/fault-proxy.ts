import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/** What happens to a request: it passes, it fails before the server sees it, or its response is lost. */
type Treatment = 'pass' | 500 | 503 | 'reset' | 'lose-response';

type Treat = (requestNumber: number, request: IncomingMessage) => Treatment;

/** A proxy in front of an emulator. */
export interface FaultProxy {
  readonly url: string;
  /** Treats requests from now on, given their number since then. Default: all pass. */
  treat(treatment: Treat): void;
  /** How many requests did not pass since the last `treat`. */
  injected(): number;
  stop(): Promise<void>;
}

export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let treatment: Treat = () => 'pass';
  let requests = 0;
  let injected = 0;
  const server = createServer((incoming, outgoing) => {
    requests += 1;
    const chosen = treatment(requests, incoming);
    if (chosen !== 'pass') injected += 1;
    if (chosen === 'reset') incoming.socket.destroy();
    else if (chosen === 500 || chosen === 503) refuse(incoming, outgoing, chosen);
    else forward(incoming, outgoing, new URL(target), chosen === 'lose-response');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    treat(chosen) {
      treatment = chosen;
      requests = 0;
      injected = 0;
    },
    injected: () => injected,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function refuse(incoming: IncomingMessage, outgoing: ServerResponse, statusCode: number): void {
  incoming.resume();
  outgoing.writeHead(statusCode, { 'content-type': 'text/plain' }).end('injected');
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, target: URL, lose: boolean): void {
  const { method, url, headers } = incoming;
  const { hostname, port, host } = target;
  const onward = request({ hostname, port, method, path: url, headers: { ...headers, host } }, (response) => {
    if (lose) {
      // The server has done its work.
      response.resume().on('end', () => incoming.socket.destroy());
      return;
    }
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  // Either side may go away: a worker that is killed, an emulator that stops.
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}
