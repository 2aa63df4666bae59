import { addCost, NO_COST } from '@org/wordfreq-aws-adapters/rules';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTED } from '../../constructs/tools/counted-requests.ts';
import { type CountedPipeline, startCountedPipeline } from './support/counted-requests.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

/*
 * What a job costs at the wire, while the worker's own program runs. `requests-per-job.long.test.ts` has the
 * limit of a job in steady state.
 */

let pipeline: CountedPipeline;
let run: WorkerRun | undefined;
beforeEach(async () => {
  pipeline = await startCountedPipeline();
});
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  await pipeline.stop();
});

it('reads each object and writes each record once, and shares requests to the queues', async () => {
  const files = 200;
  for (let file = 0; file < files; file += 1) await pipeline.put(`${file}.txt`, 'to be or not to be');
  run = runWorkerProcess({ ...pipeline.environment, PORT: '0' });
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
  } = pipeline.requests.counts();
  // One record more for the day.
  const { gets, records } = COUNTED.job;
  expect(perJob).toEqual({ 'GET object': gets * files, PutItem: records * files + 1, GetQueueAttributes: 1 });
  expect(looksAtSwitch).toBeLessThan(0.1 * files);
  // Each record says what it cost; what followed the last ones is on none.
  const recorded = (await pipeline.records()).reduce(
    (sum, { cost = NO_COST }) => addCost(sum, cost),
    NO_COST,
  );
  const shared = received + SendMessage + SendMessageBatch + DeleteMessage + DeleteMessageBatch;
  expect(recorded).toMatchObject({ s3Reads: files, tableReads: 0, notifications: 0 });
  expect(recorded.tableWrites).toBeCloseTo(files + 1, 0);
  expect(Math.abs(recorded.queueRequests - shared)).toBeLessThan(10);
  expect(recorded.processorMs).toBeGreaterThan(0.1 * files);
  // How many share a request depends on when jobs end.
  expect(received).toBeLessThan(0.4 * files);
  expect(SendMessage + SendMessageBatch).toBeLessThan(0.4 * files);
  expect(DeleteMessage + DeleteMessageBatch).toBeLessThan(0.4 * files);
}, 120_000);

it('makes a lone job wait for nothing but its own requests, one after the other', async () => {
  run = runWorkerProcess({ ...pipeline.environment, PORT: '0' });
  const hasDeleted = (messages: number): Promise<void> =>
    expect.poll(() => pipeline.requests.counts()['DeleteMessage'], { timeout: 60_000 }).toBe(messages);
  await pipeline.put('first.txt', 'the first of a day makes a record for the day');
  await hasDeleted(1);
  const before = pipeline.requests.names.length;
  await pipeline.put('lone.txt', 'to be or not to be');
  await hasDeleted(2);
  // The worker goes on receiving meanwhile, and looks at the switch.
  const ofJob = pipeline.requests.names.slice(before).filter((name) => !/ReceiveMessage|GetItem/.test(name));
  expect(ofJob).toEqual(['GET object', 'PutItem', 'SendMessage', 'DeleteMessage']);
});

it('looks at the record for each duplicate of an event, and reads the object once', async () => {
  const duplicates = 300;
  await pipeline.put('again.txt', 'to be or not to be');
  await pipeline.announceAgain('again.txt', duplicates);
  run = runWorkerProcess({ ...pipeline.environment, PORT: '0' });
  await pipeline.drained();
  const { 'GET object': reads, PutItem: records, GetItem: looks = 0 } = pipeline.requests.counts();
  // One record more for the day.
  expect({ reads, records }).toEqual({ reads: 1, records: 2 });
  // The worker looks at the switch, too.
  expect(looks).toBeGreaterThanOrEqual(duplicates);
  expect(looks).toBeLessThan(1.1 * duplicates);
  expect(await pipeline.records()).toHaveLength(1);
}, 120_000);
