import { setTimeout as delay } from 'node:timers/promises';
import { type FaultProxy, startFaultProxy } from '../../../aws-adapters/test/support/fault-proxy.ts';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './embedded-pipeline.ts';

/** How long a response takes within a Region. Without that, no request is under way when the next job ends. */
const LATENCIES_MS = { S3: 20, SQS: 8, SNS: 8, DYNAMODB: 5 };
type Service = keyof typeof LATENCIES_MS;

/** The embedded servers behind proxies that see every request, and respond as fast as AWS. */
export interface CountedPipeline extends EmbeddedPipeline {
  /** The requests so far, by name, in the order of their arrival. */
  requests(): readonly string[];
  /** How often each operation was requested. */
  counts(): Readonly<Record<string, number>>;
}

/** Starts the servers and their proxies. The environment names the proxies. */
export async function startCountedPipeline(): Promise<CountedPipeline> {
  const pipeline = await startEmbeddedPipeline();
  const requests: string[] = [];
  const proxies = new Map<Service, FaultProxy>();
  for (const [service, ms] of Object.entries(LATENCIES_MS) as [Service, number][]) {
    const proxy = await startFaultProxy(
      pipeline.environment[`AWS_ENDPOINT_URL_${service}`] ?? '',
      async ({ method, headers }) => {
        requests.push(nameOf(method, headers['x-amz-target']));
        await delay(ms);
        return undefined;
      },
    );
    proxies.set(service, proxy);
  }
  return {
    ...pipeline,
    environment: throughProxies(pipeline.environment, proxies),
    requests: () => requests,
    counts() {
      const counts: Record<string, number> = {};
      for (const name of requests) counts[name] = (counts[name] ?? 0) + 1;
      return counts;
    },
    async stop() {
      for (const proxy of proxies.values()) await proxy.stop();
      await pipeline.stop();
    },
  };
}

/** `SendMessage`, or `GET object`: S3 has no name for its operations in a header. */
function nameOf(method: string, target: string | readonly string[] | undefined): string {
  return target === undefined ? `${method} object` : (String(target).split('.')[1] ?? '');
}

function throughProxies(
  environment: Readonly<Record<string, string>>,
  proxies: ReadonlyMap<Service, FaultProxy>,
): Readonly<Record<string, string>> {
  const endpoints = [...proxies].map(([service, { url }]) => [`AWS_ENDPOINT_URL_${service}`, url]);
  const queues = Object.entries(environment)
    .filter(([name]) => name.endsWith('_QUEUE_URL'))
    .map(([name, url]) => [name, new URL(new URL(url).pathname, proxies.get('SQS')?.url).href]);
  return { ...environment, ...Object.fromEntries([...endpoints, ...queues]) };
}
