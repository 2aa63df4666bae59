import { setTimeout as delay } from 'node:timers/promises';
import { runWorkerProcess, type WorkerRun } from '../test/support/worker-process.ts';
import type { PutRequest } from './emulator.ts';
import { startEmulatorProcess } from './emulator-process.ts';
import { type ProcessTimes, processTimes } from './process-times.ts';

/** One run: files through one worker process. */
export interface RunOptions extends PutRequest {
  readonly concurrency: number;
  readonly countingThreads: number;
  /** The worker's program. */
  readonly program: string;
}

/** The measurements of a run. Seconds are processor time, unless said otherwise. */
export interface RunMeasurement extends RunOptions {
  readonly wallSeconds: number;
  readonly filesPerSecond: number;
  readonly megabytesPerSecond: number;
  readonly mainSeconds: number;
  readonly countingSeconds: number;
  readonly otherSeconds: number;
  readonly emulatorSeconds: number;
  readonly peakResidentBytes: number;
  /** Of all texts together, as the records say. */
  readonly words: number;
}

const WARM_UP: PutRequest = { files: 20, bytes: 5000 };
const PATIENCE_MS = 600_000;

/** Fills the queue, starts a worker, and measures until every file has its record. */
export async function measureRun(options: RunOptions): Promise<RunMeasurement> {
  const emulator = await startEmulatorProcess();
  let run: WorkerRun | undefined;
  try {
    await emulator.put(WARM_UP);
    run = runWorkerProcess(
      {
        ...emulator.environment,
        CONCURRENCY: String(options.concurrency),
        COUNTING_THREADS: String(options.countingThreads),
      },
      options.program,
    );
    await counted(run, WARM_UP.files);
    // Suspended while the queue is filled, so that it starts with a full one.
    const before = { emulator: await emulator.state(), times: processTimes(pidOf(run)) };
    run.child.kill('SIGSTOP');
    await emulator.put(options);
    const filled = await emulator.state();
    const started = performance.now();
    run.child.kill('SIGCONT');
    await counted(run, WARM_UP.files + options.files);
    const wallSeconds = (performance.now() - started) / 1000;
    const after = { emulator: await emulator.state(), times: processTimes(pidOf(run)) };
    return {
      ...options,
      wallSeconds,
      filesPerSecond: options.files / wallSeconds,
      megabytesPerSecond: (options.files * options.bytes) / wallSeconds / 1e6,
      ...difference(after.times, before.times),
      emulatorSeconds: after.emulator.cpuSeconds - filled.cpuSeconds,
      words: after.emulator.words - before.emulator.words,
    };
  } finally {
    run?.child.kill('SIGTERM');
    await run?.ended;
    await emulator.stop();
  }
}

function difference(after: ProcessTimes, before: ProcessTimes): ProcessTimes {
  return {
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    mainSeconds: after.mainSeconds - before.mainSeconds,
    countingSeconds: after.countingSeconds - before.countingSeconds,
    otherSeconds: after.otherSeconds - before.otherSeconds,
    peakResidentBytes: after.peakResidentBytes,
  };
}

/** The process id of a worker. */
export function pidOf({ child }: WorkerRun): number {
  if (child.pid === undefined) throw new Error('Expected a running worker, but it has no process id.');
  return child.pid;
}

/** Waits for so many counted files, as the worker's log tells. */
export async function counted(run: WorkerRun, files: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (run.lines.filter((line) => line['outcome'] === 'counted').length < files) {
    if (run.child.exitCode !== null) throw new Error(`The worker ended: ${run.stderr()}`);
    if (performance.now() > deadline)
      throw new Error(`Expected ${files} counted files in ${PATIENCE_MS} ms.`);
    await delay(5);
  }
}
