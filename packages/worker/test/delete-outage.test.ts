import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FaultProxy, startFaultProxy } from '../../aws-adapters/test/support/fault-proxy.ts';
import { type EmbeddedPipeline, startEmbeddedPipeline } from './support/embedded-pipeline.ts';
import { runWorkerProcess, type WorkerRun } from './support/worker-process.ts';

/*
 * SQS hands messages out and takes results, but DeleteMessage fails for a while: every job is done and
 * published, and every message comes again.
 */

let pipeline: EmbeddedPipeline;
let proxy: FaultProxy;
let run: WorkerRun | undefined;
let down = true;
beforeEach(async () => {
  down = true;
  pipeline = await startEmbeddedPipeline();
  proxy = await startFaultProxy(pipeline.environment['AWS_ENDPOINT_URL_SQS'] ?? '', ({ headers }) =>
    down && String(headers['x-amz-target']).startsWith('AmazonSQS.DeleteMessage')
      ? { kind: 'answer', status: 500 }
      : undefined,
  );
});
afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  await proxy.stop();
  await pipeline.stop();
});

/** The environment with its queues behind the proxy. */
function throughProxy(): Record<string, string> {
  const moved = Object.entries(pipeline.environment).map(([name, value]): [string, string] => [
    name,
    name.endsWith('_QUEUE_URL') ? new URL(new URL(value).pathname, proxy.url).href : value,
  ]);
  return { ...Object.fromEntries(moved), AWS_ENDPOINT_URL_SQS: proxy.url };
}

async function startWorker(): Promise<string> {
  const settings = { VISIBILITY_SECONDS: '3', CONCURRENCY: '6', PORT: '0', WORKER_NAME: 'w' };
  run = runWorkerProcess({ ...throughProxy(), ...settings });
  for (;;) {
    const url = run.lines.find(({ msg }) => msg === 'worker started')?.['url'];
    if (typeof url === 'string') return url;
    if (run.child.exitCode !== null) throw new Error(`The worker ended: ${run.stderr()}`);
    await delay(5);
  }
}

async function untilStatus(address: string, status: number): Promise<void> {
  while ((await fetch(address)).status !== status) await delay(20);
}

describe('when messages cannot be deleted for a while', () => {
  it.each([
    // With six, all of them are done before the circuit opens: only duplicates are left to end the outage.
    [6],
    [23],
  ])(
    'drains all %i of them afterwards as duplicates, and is ready again',
    async (files) => {
      for (let file = 0; file < files; file += 1) await pipeline.put(`${file}.txt`, 'to be or not to be');
      const url = await startWorker();
      await untilStatus(`${url}/readyz`, 503);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      down = false;
      await pipeline.drained();
      await untilStatus(`${url}/readyz`, 200);

      const records = await pipeline.records();
      expect(records.map(({ outcome }) => outcome)).toEqual(Array.from({ length: files }, () => 'counted'));
      const told = new Set((await pipeline.takeResults()).map(({ jobId }) => jobId));
      expect([...told].sort()).toEqual(records.map(({ jobId }) => jobId).sort());
      const outcomes = run?.lines.map(({ outcome }) => outcome).filter((outcome) => outcome !== undefined);
      expect([...new Set(outcomes)].sort()).toEqual(['counted', 'duplicate', 'retry:unavailable']);
      expect(await pipeline.deadLetters.peek(10)).toEqual([]);
    },
    90_000,
  );
});
