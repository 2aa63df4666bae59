import { existsSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './support/embedded-pipeline.ts';
import { NOISE } from './support/memory-world.ts';
import { BUILT_PROGRAM, runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

const STOP_TIMEOUT_SECONDS = 10;

let pipeline: EmbeddedPipeline;
const runs: WorkerRun[] = [];
beforeEach(async () => {
  if (!existsSync(BUILT_PROGRAM)) throw new Error(`Expected ${BUILT_PROGRAM}. Run "npm run build" first.`);
  pipeline = await startEmbeddedPipeline();
});
afterEach(async () => {
  for (const run of runs) run.child.kill('SIGKILL');
  await Promise.all(runs.splice(0).map((run) => run.ended));
  await pipeline.stop();
});

function start(environment: Record<string, string>): WorkerRun {
  const own = { STOP_TIMEOUT_SECONDS: String(STOP_TIMEOUT_SECONDS), WORKER_NAME: 'built' };
  const run = runWorkerProcess({ ...pipeline.environment, ...own, ...environment }, BUILT_PROGRAM);
  runs.push(run);
  return run;
}

async function lineOf(run: WorkerRun, found: (line: Record<string, unknown>) => boolean) {
  for (;;) {
    const line = run.lines.find(found);
    if (line !== undefined) return line;
    if (run.child.exitCode !== null) throw new Error(`The worker ended: ${run.stderr()}`);
    await delay(5);
  }
}

/** Sends SIGTERM, and SIGKILL when the stop timeout is over, as container platforms do. */
async function stop({ child, ended }: WorkerRun): Promise<number | NodeJS.Signals> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_SECONDS * 1000);
  const code = await ended;
  clearTimeout(kill);
  return code;
}

describe('the built worker', () => {
  it('counts, answers its health checks, and drains on SIGTERM, with nothing but its environment', async () => {
    await pipeline.put('a b+c.txt', 'to be or not to be');
    await pipeline.put('noise.txt', NOISE);
    const run = start({ PORT: '0' });
    const { url } = await lineOf(run, ({ msg }) => msg === 'worker started');
    await pipeline.drained();
    const answers = ['/healthz', '/readyz'].map(async (path) => (await fetch(`${url}${path}`)).json());
    expect(await Promise.all(answers)).toEqual([{ healthy: true }, { ready: true, paused: false }]);
    expect(await stop(run), run.stderr()).toBe(0);
    expect(run.stderr()).toBe('');

    // A line of the log is enough to find the object, its record and the reason.
    const ends = run.lines.filter(({ outcome }) => outcome !== undefined);
    expect(ends.map(({ outcome }) => outcome).sort()).toEqual(['counted', 'failed:not-text']);
    for (const { bucket, key, version, jobId, outcome, attempt, errorCode, errorMessage, ...line } of ends) {
      const object = { bucket: String(bucket), key: String(key), eTag: String(version) };
      expect(await pipeline.objects.head(object)).toMatchObject(object);
      const record = await pipeline.results.find({ jobId: String(jobId), object });
      expect(record).toMatchObject({ outcome, attempt, worker: 'built', object });
      expect([errorCode, errorMessage]).toEqual([record?.error?.code, record?.error?.message]);
      expect(line).toMatchObject({ messageId: expect.any(String), ageMs: expect.any(Number) });
    }
    const counted = ends.find(({ outcome }) => outcome === 'counted');
    expect(counted).toMatchObject({ bytes: 18, words: 6, durationMs: expect.any(Number) });
  });

  it('gives a job back that does not end, and ends in time', async () => {
    await pipeline.put('a.txt', 'to be or not to be');
    const silent: Server = createServer(() => undefined).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    const run = start({ AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`, CONCURRENCY: '1' });
    await new Promise((resolve) => silent.once('connection', resolve));
    expect(await stop(run), run.stderr()).toBe(0);
    silent.close();
    expect(run.lines.filter(({ outcome }) => outcome !== undefined)).toMatchObject([
      { outcome: 'interrupted' },
    ]);
    expect(await pipeline.results.latest('wordfreq-processing', 'a.txt')).toBeUndefined();
    expect(await pipeline.depth()).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('says everything that is wrong with its environment at once, with names and examples, and no stack trace', async () => {
    const run = runWorkerProcess({ CONCURRENCY: '0', NOTIFY: 'all', JOBS_QUEUE_URL: 'jobs' }, BUILT_PROGRAM);
    runs.push(run);
    expect(await run.ended).toBe(2);
    const [headline, ...problems] = run.stderr().trimEnd().split('\n');
    expect(headline).toBe('wordfreq-worker: The environment is not complete:');
    expect(problems.map((line) => line.trim().split(/[: ]/)[0])).toEqual([
      'JOBS_QUEUE_URL',
      'DEAD_LETTER_QUEUE_URL',
      'RESULTS_QUEUE_URL',
      'RESULTS_TOPIC_ARN',
      'FAILURES_TOPIC_ARN',
      'RESULTS_TABLE',
      'PROCESSING_BUCKET',
      'CONCURRENCY',
      'NOTIFY',
    ]);
    expect(problems[1]).toMatch(/is missing, such as https:/);
    expect(problems.at(-1)).toBe('  NOTIFY: expected one of none, failures, each, digest; got "all".');
    expect(run.lines).toEqual([]);
  });
});
