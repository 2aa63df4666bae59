import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './support/embedded-pipeline.ts';
import { freePort } from './support/free-port.ts';
import { NOISE } from './support/memory-world.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

const SEED = Number(process.env['WORKER_SEED'] ?? 20_261_124);
const BASE = { VISIBILITY_SECONDS: '3', STOP_TIMEOUT_SECONDS: '10', WORKER_NAME: 'w' };

let pipeline: EmbeddedPipeline;
let runs: WorkerRun[] = [];
beforeEach(async () => {
  pipeline = await startEmbeddedPipeline();
});
afterEach(async () => {
  for (const run of runs) run.child.kill('SIGKILL');
  await Promise.all(runs.map((run) => run.ended));
  runs = [];
  await pipeline.stop();
});

function start(environment: Record<string, string> = {}): WorkerRun {
  const run = runWorkerProcess({ ...pipeline.environment, ...BASE, ...environment });
  runs.push(run);
  return run;
}

/** What the worker says when it has started. */
async function startLine(run: WorkerRun): Promise<Record<string, unknown>> {
  for (;;) {
    const line = run.lines.find(({ msg }) => msg === 'worker started');
    if (line !== undefined) return line;
    if (run.child.exitCode !== null)
      throw new Error(`The worker ended: ${run.stderr()}${JSON.stringify(run.lines.at(-1))}`);
    await delay(5);
  }
}

describe('the worker as a process', () => {
  it('counts, logs, reports, answers its health checks, and stops with code 0 on SIGTERM', async () => {
    await pipeline.put('a b+c.txt', 'to be or not to be');
    await pipeline.put('large.txt', 'lorem ipsum '.repeat(100_000));
    await pipeline.put('zipped.txt.gz', gzipSync('one one two'));
    await pipeline.put('noise.txt', NOISE);
    const run = start({ PORT: '0', PAGE: 'true' });
    const { url } = await startLine(run);
    await pipeline.drained();
    const answers = ['/healthz', '/readyz', '/', '/api/summary'].map((path) => fetch(`${url}${path}`));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    run.child.kill('SIGTERM');
    expect(await run.ended, run.stderr()).toBe(0);

    const records = await pipeline.records();
    expect(
      new Map(records.map(({ object, outcome, totals }) => [object.key, [outcome, totals.words]])),
    ).toEqual(
      new Map([
        ['a b+c.txt', ['counted', 6]],
        ['large.txt', ['counted', 200_000]],
        ['zipped.txt.gz', ['counted', 3]],
        ['noise.txt', ['failed:not-text', 0]],
      ]),
    );
    const done = run.lines.filter((line) => line['outcome'] !== undefined);
    expect(done.map((line) => [line['key'], line['outcome'], line['worker']]).sort()).toEqual(
      records.map(({ object, outcome }) => [object.key, outcome, 'w']).sort(),
    );
    expect(run.lines.filter((line) => line['Outcome'] === 'counted')).toMatchObject([{ Jobs: 3 }]);
    expect((await pipeline.deadLetters.peek(10)).map(({ reason }) => reason?.code)).toEqual(['not-text']);
    expect(run.stderr()).toBe('');
  });

  it.each([0, 20])(
    'goes on for %i files without the reader of its log, and stops on SIGTERM',
    async (files) => {
      const run = start();
      await startLine(run);
      run.child.stdout?.destroy();
      for (let file = 0; file < files; file += 1) await pipeline.put(`${file}.txt`, 'to be or not to be');
      await pipeline.drained();
      expect((await pipeline.records()).map(({ outcome }) => outcome)).toEqual(Array(files).fill('counted'));
      run.child.kill('SIGTERM');
      const hangs = delay(20_000, 'hangs', { ref: false });
      expect(await Promise.race([run.ended, hangs])).toBe(0);
    },
  );

  it('loses nothing and doubles nothing when it is killed again and again', async () => {
    const files = new Map(
      Array.from({ length: 60 }, (_, index) => [
        `file ${index}.txt`,
        `word${index} and `.repeat(index * 40 + 1),
      ]),
    );
    for (const [key, body] of files) await pipeline.put(key, body);
    await pipeline.put('noise.txt', NOISE);
    let state = SEED;
    const random = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    for (let life = 0; life < 6; life += 1) {
      const run = start({ CONCURRENCY: '8', COUNTING_THREADS: life % 2 === 0 ? '1' : '0' });
      await startLine(run);
      await delay(random() * 120);
      run.child.kill('SIGKILL');
      await run.ended;
    }
    const last = start({ CONCURRENCY: '8' });
    await pipeline.drained();
    last.child.kill('SIGTERM');
    expect(await last.ended, last.stderr()).toBe(0);

    const records = await pipeline.records();
    expect(records.map(({ object }) => object.key).sort(), `seed ${SEED}`).toEqual(
      [...files.keys(), 'noise.txt'].sort(),
    );
    for (const { object, outcome, totals } of records) {
      const body = files.get(object.key);
      const words = body === undefined ? 0 : body.trim().split(' ').length;
      expect([object.key, outcome, totals.words]).toEqual([
        object.key,
        body === undefined ? 'failed:not-text' : 'counted',
        words,
      ]);
    }
    const told = new Set((await pipeline.takeResults()).map(({ jobId }) => jobId));
    expect([...told].sort()).toEqual(records.map(({ jobId }) => jobId).sort());
    const letters = await pipeline.deadLetters.peek(10);
    expect(new Set(letters.map(({ reason }) => reason?.facts?.get('key')))).toEqual(new Set(['noise.txt']));
  });

  it('sends one mail about all files, from whichever worker, with NOTIFY=digest', async () => {
    for (let file = 1; file <= 7; file += 1) await pipeline.put(`file ${file}.txt`, 'to be or not to be');
    await pipeline.put('noise.txt', NOISE);
    const workers = [1, 2].map(() => start({ NOTIFY: 'digest' }));
    await Promise.all(workers.map(startLine));
    await pipeline.drained();
    for (const { child } of workers) child.kill('SIGTERM');
    expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);
    const mails = await pipeline.takeMails();
    expect(mails).toMatchObject([
      { Subject: 'wordfreq: 8 done, 1 of them failed', Message: expect.stringContaining('7\tcounted') },
    ]);
    expect(mails[0]?.Message).toContain('noise.txt of bucket wordfreq-processing: failed:not-text');
  });

  it('says in sentences what is missing, and ends with code 2', async () => {
    const {
      AWS_REGION: _,
      RESULTS_TABLE: __,
      ...rest
    } = { ...pipeline.environment, ...BASE } as Record<string, string>;
    const run = runWorkerProcess({ ...rest, CONCURRENCY: 'many' });
    runs.push(run);
    expect(await run.ended).toBe(2);
    expect(run.stderr()).toBe(
      'wordfreq-worker: The environment is not complete:\n' +
        '  RESULTS_TABLE is missing, such as wordfreq-results.\n' +
        '  CONCURRENCY: expected a whole number; got "many".\n',
    );
    expect(run.lines).toEqual([]);
  });

  it('shows what is missing on its page, where it has one, and is not healthy until it is told to stop', async () => {
    const PORT = await freePort();
    const run = runWorkerProcess({ PAGE: 'true', PORT, HOST: '127.0.0.1' });
    runs.push(run);
    const page = async () => (await fetch(`http://127.0.0.1:${PORT}/healthz`)).json();
    await expect.poll(page).toMatchObject({ healthy: false });
    expect(run.stderr()).toContain('JOBS_QUEUE_URL is missing');
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(2);
  });

  it('says in sentences that region and credentials are missing', async () => {
    const environment = Object.fromEntries(
      Object.entries(pipeline.environment).filter(([name]) => !/^AWS_(REGION|ACCESS|SECRET)/.test(name)),
    );
    const run = runWorkerProcess({ ...environment, AWS_EC2_METADATA_DISABLED: 'true', HOME: '/nonexistent' });
    runs.push(run);
    expect(await run.ended).toBe(2);
    expect(run.stderr()).toMatch(
      /AWS_REGION is missing, such as eu-central-1\.\n {2}AWS credentials are missing/,
    );
    expect(run.stderr()).not.toContain('    at ');
  });

  it('says in a sentence that its port is taken, and ends', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const run = start({ PORT: String(port) });
    expect(await run.ended).toBe(2);
    server.close();
    expect(run.stderr()).toContain('another program listens there');
    expect(run.stderr()).not.toContain('    at ');
  });
});
