import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../../aws-adapters/test/support/fault-proxy.ts';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './support/embedded-pipeline.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

/* What a job costs at the wire. Counted by a proxy before each server, while the worker's own program runs. */

const SERVICES = ['S3', 'SQS', 'SNS', 'DYNAMODB'];
const FILES = 200;

let pipeline: EmbeddedPipeline;
let proxies: readonly FaultProxy[];
let environment: Readonly<Record<string, string>>;
let run: WorkerRun | undefined;
beforeEach(async () => {
  pipeline = await startEmbeddedPipeline();
  const urls = SERVICES.map((service) => pipeline.environment[`AWS_ENDPOINT_URL_${service}`] ?? '');
  // A response takes as long as in a Region: without that, no request is under way when the next job ends.
  proxies = await Promise.all(
    urls.map((url) => startFaultProxy(url, async () => delay(20).then(() => undefined))),
  );
  const moved = proxies.map(({ url }, index) => [`AWS_ENDPOINT_URL_${SERVICES[index]}`, url]);
  const sqs = proxies[1]?.url;
  const queues = Object.entries(pipeline.environment)
    .filter(([name]) => name.endsWith('_QUEUE_URL'))
    .map(([name, url]) => [name, new URL(new URL(url).pathname, sqs).href]);
  environment = { ...pipeline.environment, ...Object.fromEntries([...moved, ...queues]) };
});
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  for (const proxy of proxies) await proxy.stop();
  await pipeline.stop();
});

/** How often each operation was requested. */
function requests(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { method, headers } of proxies.flatMap(({ seen }) => seen)) {
    const target = headers['x-amz-target'];
    const name = target === undefined ? `${method} object` : (String(target).split('.')[1] ?? '');
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

it('reads each object and writes each record once, and shares requests to the queues', async () => {
  for (let file = 0; file < FILES; file += 1) await pipeline.put(`${file}.txt`, 'to be or not to be');
  run = runWorkerProcess({ ...environment, CONCURRENCY: '16', PORT: '0' });
  await pipeline.drained();
  const {
    ReceiveMessage: received = 0,
    SendMessage = 0,
    SendMessageBatch = 0,
    DeleteMessage = 0,
    DeleteMessageBatch = 0,
    // Whether intake is paused: asked every few seconds, however many jobs there are.
    GetItem: looksAtSwitch = 0,
    ...perJob
  } = requests();
  expect(perJob).toEqual({
    'GET object': FILES,
    // One more for the day.
    PutItem: FILES + 1,
    GetQueueAttributes: 1,
  });
  expect(looksAtSwitch).toBeLessThan(0.1 * FILES);
  // How many share a request depends on when jobs end.
  expect(received).toBeLessThan(0.5 * FILES);
  expect(SendMessage + SendMessageBatch).toBeLessThan(0.6 * FILES);
  expect(DeleteMessage + DeleteMessageBatch).toBeLessThan(0.6 * FILES);
}, 120_000);
