import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** How long a response of each service takes to arrive, in milliseconds; none where a service is missing. */
export type Latencies = Readonly<Partial<Record<'S3' | 'SQS' | 'SNS' | 'DYNAMODB', number>>>;

/** The environment of servers, with a proxy in front of each service that has a latency. */
interface DelayedServices {
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

/** Starts the proxies. */
export async function delayServices(
  environment: Readonly<Record<string, string>>,
  latencies: Latencies,
): Promise<DelayedServices> {
  const changed: Record<string, string> = { ...environment };
  const proxies: Proxy[] = [];
  for (const [service, milliseconds] of Object.entries(latencies)) {
    const name = `AWS_ENDPOINT_URL_${service}`;
    const proxy = await startDelayingProxy(new URL(environment[name] ?? ''), milliseconds);
    proxies.push(proxy);
    changed[name] = proxy.url;
    if (service !== 'SQS') continue;
    // Clients send what concerns a queue to the host in its URL.
    for (const [variable, value] of Object.entries(environment)) {
      if (variable.endsWith('_QUEUE_URL'))
        changed[variable] = new URL(new URL(value).pathname, proxy.url).href;
    }
  }
  return {
    environment: changed,
    async stop() {
      for (const proxy of proxies) await proxy.stop();
    },
  };
}

interface Proxy {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Passes bytes on in both directions; those of responses arrive the given time later, in order and without a
 * limit of throughput. It does not look at the bytes, so that it takes little of the machine.
 */
async function startDelayingProxy(target: URL, milliseconds: number): Promise<Proxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy());
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', (chunk) => upstream.write(chunk)).on('end', () => upstream.end());
    upstream
      .on('data', (chunk) => setTimeout(() => client.write(chunk), milliseconds))
      .on('end', () => setTimeout(() => client.end(), milliseconds));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
