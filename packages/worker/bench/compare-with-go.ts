import { readConfig } from '../src/config.ts';
import type { Latencies } from '../test/support/delayed-services.ts';
import { OBSERVED, type RequestCounts, requestsBetween } from '../test/support/observe-requests.ts';
import { runProgram, runWorkerProcess, type WorkerRun } from '../test/support/worker-process.ts';
import { type EmulatorProcess, startEmulatorProcess } from './emulator-process.ts';
import { counted, pidOf } from './measure-run.ts';
import { processTimes } from './process-times.ts';

/** Which of two workers did the work. */
type WorkerName = 'wordfreq' | 'go';

/** How much is compared. */
export interface ComparisonPlan {
  readonly files: number;
  readonly bytes: number;
  /** Files before the measured ones, for compilers and connections. */
  readonly warmUpFiles: number;
  /** Each is measured with every one of the latencies, and so is our worker's default, if `withDefault`. */
  readonly concurrencies: readonly number[];
  readonly withDefault: boolean;
}

/** The programs that are compared. */
export type Programs = Readonly<Record<WorkerName, string>>;

/** One worker's part of a comparison. */
export interface WorkerMeasurement {
  readonly worker: WorkerName;
  readonly concurrency: number;
  readonly latency: keyof typeof LATENCIES;
  readonly filesPerSecond: number;
  /** User and system time of the worker's process, per file. */
  readonly cpuMsPerFile: number;
  readonly peakResidentBytes: number;
  /** At the servers, per file. */
  readonly requestsPerFile: RequestCounts;
}

/** How long the services take. The second is like a Region, seen from inside it. */
const LATENCIES: Readonly<Record<'none' | 'like AWS', Latencies>> = {
  none: {},
  'like AWS': { S3: 20, SQS: 8, SNS: 8, DYNAMODB: 5 },
};

const COMPARED_FILES = 40;

/**
 * Does the same work with our worker and the one in Go, on the same servers. First compares what they record,
 * and throws when a word of any file differs.
 */
export async function compareWithGo(
  plan: ComparisonPlan,
  programs: Programs,
  onMeasured: (measurement: WorkerMeasurement) => void = () => {},
): Promise<readonly WorkerMeasurement[]> {
  await compareWords(plan.bytes, programs);
  const measurements: WorkerMeasurement[] = [];
  let order: readonly WorkerName[] = ['wordfreq', 'go'];
  for (const latency of Object.keys(LATENCIES) as (keyof typeof LATENCIES)[]) {
    for (const jobs of await concurrenciesOf(plan)) {
      const emulator = await startEmulatorProcess(LATENCIES[latency]);
      try {
        for (const worker of order) {
          const start = (): WorkerRun => startWorker(worker, emulator, programs, jobs);
          const measured = await measure(emulator, start, plan);
          measurements.push({ worker, concurrency: jobs, latency, ...measured });
          onMeasured({ worker, concurrency: jobs, latency, ...measured });
        }
      } finally {
        await emulator.stop();
      }
      // So that neither worker is always the one that starts on fresh servers.
      order = order.toReversed();
    }
  }
  return measurements;
}

/** In order, each once. */
async function concurrenciesOf({ concurrencies, withDefault }: ComparisonPlan): Promise<readonly number[]> {
  if (!withDefault) return concurrencies;
  const emulator = await startEmulatorProcess();
  const { CONCURRENCY } = readConfig(emulator.environment);
  await emulator.stop();
  return [...new Set([...concurrencies, CONCURRENCY])];
}

function startWorker(
  worker: WorkerName,
  { environment }: EmulatorProcess,
  programs: Programs,
  concurrency: number,
): WorkerRun {
  const settings = {
    ...environment,
    CONCURRENCY: String(concurrency),
    // By which the servers recognize the requests that they count.
    ...OBSERVED,
  };
  if (worker === 'wordfreq') return runWorkerProcess(settings, programs.wordfreq);
  return runProgram(programs.go, [], { ...settings, RESULTS_TABLE: environment['PEER_TABLE'] ?? '' });
}

async function compareWords(bytes: number, programs: Programs): Promise<void> {
  const emulator = await startEmulatorProcess();
  try {
    for (const worker of ['wordfreq', 'go'] as const) {
      // File numbers go on from the last ones, so keys differ; the texts are the same.
      await emulator.put({ files: COMPARED_FILES, bytes, text: 'book' });
      const run = startWorker(worker, emulator, programs, 8);
      await counted(run, COMPARED_FILES);
      await emulator.drained();
      await stop(run);
    }
    const { ours, peer } = await emulator.words();
    refuseDifferences(inOrder(ours), inOrder(peer));
  } finally {
    await emulator.stop();
  }
}

/** Names the first text whose most frequent words are not the same. */
export function refuseDifferences(ours: readonly Words[], peers: readonly Words[]): void {
  if (ours.length !== COMPARED_FILES || peers.length !== COMPARED_FILES) {
    const came = `${ours.length} of ours and ${peers.length} of the Go worker`;
    throw new Error(`Expected ${COMPARED_FILES} records of each worker, got ${came}.`);
  }
  for (const [text, words] of ours.entries()) {
    const others = peers[text] ?? [];
    const rank = Array.from({ length: Math.max(words.length, others.length) }).findIndex(
      (_, index) => words[index] !== others[index],
    );
    if (rank < 0) continue;
    const difference = `Ours recorded ${words[rank]} and the Go worker ${others[rank]} as word ${rank + 1}`;
    throw new Error(`Expected the same words from both workers. ${difference} of text ${text + 1}.`);
  }
}

/** The most frequent words of a text, as `the 12`. */
type Words = readonly string[];

/** The words of files in the order of their numbers. */
function inOrder(words: Readonly<Record<string, Words>>): Words[] {
  const number = (key: string): number => Number(/\d+/.exec(key)?.[0]);
  return Object.entries(words)
    .sort(([a], [b]) => number(a) - number(b))
    .map(([, list]) => list);
}

async function measure(
  emulator: EmulatorProcess,
  start: () => WorkerRun,
  { files, bytes, warmUpFiles }: ComparisonPlan,
): Promise<Omit<WorkerMeasurement, 'worker' | 'concurrency' | 'latency'>> {
  await emulator.put({ files: warmUpFiles, bytes, text: 'book' });
  const run = start();
  try {
    await counted(run, warmUpFiles);
    await emulator.drained();
    const { requests } = await emulator.state();
    const times = processTimes(pidOf(run));
    // Suspended while the queue is filled, so that it starts with a full one.
    run.child.kill('SIGSTOP');
    await emulator.put({ files, bytes, text: 'book' });
    const started = performance.now();
    run.child.kill('SIGCONT');
    await counted(run, warmUpFiles + files);
    const seconds = (performance.now() - started) / 1000;
    // Messages of files that are already counted are deleted soon after.
    await emulator.drained();
    const after = processTimes(pidOf(run));
    const made = requestsBetween(requests, (await emulator.state()).requests);
    return {
      filesPerSecond: files / seconds,
      cpuMsPerFile: ((after.cpuSeconds - times.cpuSeconds) / files) * 1000,
      peakResidentBytes: after.peakResidentBytes,
      requestsPerFile: Object.fromEntries(Object.entries(made).map(([kind, count]) => [kind, count / files])),
    };
  } finally {
    await stop(run);
  }
}

async function stop(run: WorkerRun): Promise<void> {
  run.child.kill('SIGTERM');
  await run.ended;
}
