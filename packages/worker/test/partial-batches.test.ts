import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Fault, type FaultProxy, startFaultProxy } from '../../aws-adapters/test/support/fault-proxy.ts';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './support/embedded-pipeline.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

/* Requests to SQS that are shared by several jobs, and fail in every way that they can. */

const JSON_1_0 = { 'content-type': 'application/x-amz-json-1.0' };
const answer = (status: number, body: object): Fault => ({
  kind: 'answer',
  status,
  headers: JSON_1_0,
  body: JSON.stringify(body),
});
/** What SQS says when it took none of the entries, whose ids are their positions. */
const refused = Array.from({ length: 10 }, (_, index) => ({
  Id: String(index),
  Code: 'InternalError',
  Message: 'Not now.',
  SenderFault: false,
}));
const FAULTS: readonly Fault[] = [
  answer(200, { Successful: [], Failed: refused }),
  answer(500, { __type: 'InternalFailure', message: 'Not now.' }),
  answer(400, { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'Slow down.' }),
  // SQS did what was asked, but its response is lost.
  { kind: 'cut', afterBytes: 0 },
];

/** At most so many messages come with one receive. */
const MOST_RECEIVED = 10;

let pipeline: EmbeddedPipeline;
let proxy: FaultProxy;
let faults: number;
let run: WorkerRun | undefined;
beforeEach(async () => {
  pipeline = await startEmbeddedPipeline();
  faults = 0;
  let batches = 0;
  proxy = await startFaultProxy(pipeline.environment['AWS_ENDPOINT_URL_SQS'] ?? '', async ({ headers }) => {
    // Without that, no request is under way when the next job ends.
    await delay(10);
    if (!/\.(Send|Delete)MessageBatch$/.test(String(headers['x-amz-target']))) return undefined;
    batches += 1;
    if (batches % 2 === 0) return undefined;
    faults += 1;
    return FAULTS[faults % FAULTS.length];
  });
});
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  await proxy.stop();
  await pipeline.stop();
});

function start(): WorkerRun {
  const queues = Object.entries(pipeline.environment)
    .filter(([name]) => name.endsWith('_QUEUE_URL'))
    .map(([name, url]) => [name, new URL(new URL(url).pathname, proxy.url).href]);
  run = runWorkerProcess({
    ...pipeline.environment,
    AWS_ENDPOINT_URL_SQS: proxy.url,
    ...Object.fromEntries(queues),
  });
  return run;
}

it('lose nothing and double nothing, and a worker that stops leaves nothing half done', async () => {
  const keys = Array.from({ length: 150 }, (_, file) => `${file}.txt`);
  for (const key of keys) await pipeline.put(key, 'to be or not to be');
  const first = start();
  await expect.poll(() => faults, { timeout: 60_000 }).toBeGreaterThan(2);
  first.child.kill('SIGTERM');
  expect(await first.ended, first.stderr()).toBe(0);
  // Everything that it held was ended or given back, not left to its lease; but of a receive that the signal
  // interrupts, nobody knows what it has taken.
  expect((await pipeline.depth()).inFlight).toBeLessThanOrEqual(MOST_RECEIVED);
  start();
  await pipeline.drained();

  expect(faults).toBeGreaterThan(FAULTS.length);
  const records = await pipeline.records();
  expect(records.map(({ object, outcome }) => `${object.key} ${outcome}`).sort()).toEqual(
    keys.map((key) => `${key} counted`).sort(),
  );
  const told = new Set((await pipeline.takeResults()).map(({ jobId }) => jobId));
  expect([...told].sort()).toEqual(records.map(({ jobId }) => jobId).sort());
  expect(await pipeline.deadLetters.peek(10)).toEqual([]);
}, 120_000);
