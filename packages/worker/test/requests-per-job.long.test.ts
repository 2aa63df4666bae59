import { addCost, NO_COST, packCost } from '@org/wordfreq-aws-adapters/rules';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COUNTED } from '../../constructs/tools/counted-requests.ts';
import { type CountedPipeline, startCountedPipeline } from './support/counted-requests.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

const FILES = 1000;
const { gets, records, queueRequests } = COUNTED.job;
/** GetObject, the record, and shares of receive, publish and delete. */
const MAX_REQUESTS_PER_JOB = gets + records + queueRequests;

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

it(`makes at most ${MAX_REQUESTS_PER_JOB} requests per job`, async () => {
  for (let file = 0; file < FILES; file += 1) await pipeline.put(`${file}.txt`, 'to be or not to be');
  run = runWorkerProcess({ ...pipeline.environment, PORT: '0' });
  await pipeline.drained(300_000);
  const counts = pipeline.requests.counts();
  const perJob = Object.entries(counts).map(([name, count]) => `${name} ${count / FILES}`);
  expect(pipeline.requests.names.length / FILES, perJob.join(', ')).toBeLessThanOrEqual(MAX_REQUESTS_PER_JOB);
  const records = await pipeline.records();
  expect(records).toHaveLength(FILES);
  const recorded = records.reduce((sum, { cost = NO_COST }) => addCost(sum, cost), NO_COST);
  const requests = Object.entries(recorded).reduce(
    (sum, [name, of]) => sum + (name === 'processorMs' ? 0 : of),
    0,
  );
  // Looks at the switch, at the queue's settings, and receives without a message are of no job.
  const { GetItem: looks = 0, GetQueueAttributes: settings = 0 } = counts;
  const ofJobs = pipeline.requests.names.length - looks - settings;
  expect(Math.abs(requests - ofJobs) / ofJobs, `${packCost(recorded)}; ${perJob}`).toBeLessThan(0.01);
}, 400_000);
