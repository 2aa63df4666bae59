/**
 * Files and bytes per second through one worker process and the embedded servers, which run in this process and take most of the time for
 * small files: `node --conditions=@org/source bench/throughput.ts [files] [bytes] [concurrency] [counting threads] [program]`.
 */
import { readFileSync } from 'node:fs';
import { argv, cpuUsage } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbeddedPipeline } from '../test/support/embedded-pipeline.ts';
import { runWorkerProcess, SOURCE_PROGRAM } from '../test/support/worker-process.ts';

const [files = 400, bytes = 5000, concurrency = 4, threads = 1] = argv.slice(2, 6).map(Number);
const program = argv[6] ?? SOURCE_PROGRAM;

function textOf(length: number): Uint8Array {
  const phrase =
    'It is a truth universally acknowledged, that a single man in possession of a good fortune, ';
  return Buffer.alloc(length, phrase);
}

/** From Linux's accounting of the worker's process: seconds of processor time, and the most memory it ever had resident. */
function resourcesOf(pid: number | undefined): { cpuSeconds: number; peakMegabytes: number } {
  const [, fields = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const ticks = fields.split(' ').slice(11, 13).map(Number);
  const peak = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return {
    cpuSeconds: ticks.reduce((sum, value) => sum + value, 0) / 100,
    peakMegabytes: Number(peak) / 1024,
  };
}

const pipeline = await startEmbeddedPipeline();
const body = textOf(bytes);
for (let index = 0; index < files; index += 1) await pipeline.put(`file ${index}.txt`, body);
const run = runWorkerProcess(
  { ...pipeline.environment, CONCURRENCY: String(concurrency), COUNTING_THREADS: String(threads) },
  program,
);
while (run.lines.length === 0) await delay(5);
const [started, cpuBefore, before] = [performance.now(), cpuUsage(), resourcesOf(run.child.pid)];
while (run.lines.filter((line) => line['outcome'] === 'counted').length < files) await delay(10);
const seconds = (performance.now() - started) / 1000;
const { user, system } = cpuUsage(cpuBefore);
const after = resourcesOf(run.child.pid);
run.child.kill('SIGTERM');
await run.ended;
await pipeline.stop();
console.log(
  JSON.stringify({
    ...{ node: process.version, files, bytes, concurrency, threads },
    seconds: Number(seconds.toFixed(2)),
    filesPerSecond: Number((files / seconds).toFixed(1)),
    megabytesPerSecond: Number(((files * bytes) / seconds / 1e6).toFixed(1)),
    workerCpuSeconds: Number((after.cpuSeconds - before.cpuSeconds).toFixed(2)),
    emulatorCpuSeconds: Number(((user + system) / 1e6).toFixed(2)),
    workerPeakMegabytes: Math.round(after.peakMegabytes),
  }),
);
