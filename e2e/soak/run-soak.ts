import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import {
  createEmbeddedClients,
  type EmbeddedAws,
  provisionPipeline,
  startEmbeddedAws,
  startS3EventBridge,
} from '@org/wordfreq-aws-adapters/local';
import type { ObjectStore } from '@org/wordfreq-aws-adapters/ports';
import { createS3ObjectStore } from '@org/wordfreq-aws-adapters/s3';
import { until } from '../support/until.ts';
import { growthPerJob } from './growth.ts';
import type { Measurement } from './soaked-worker.ts';

/** How to soak. */
interface SoakOptions {
  readonly jobs: number;
  /** How often to measure, at rest, after equally many jobs. */
  readonly measurements: number;
  /** Makes the worker leak, to see that it would be noticed. */
  readonly leaking?: boolean;
}

/** What a soak found. */
export interface SoakReport {
  readonly outcomes: ReadonlyMap<string, number>;
  readonly measurements: readonly Measurement[];
  /** After the first third, in which the worker warms up. */
  readonly growthPerJob: Measurement;
}

/** The jobs that are made at once, so that the queue stays short and the worker busy. */
const WAVE = 50;

/**
 * Sends small jobs of all kinds through the worker's own program, over the AWS SDK's clients and the embedded
 * servers.
 */
export async function runSoak({
  jobs,
  measurements: times,
  leaking = false,
}: SoakOptions): Promise<SoakReport> {
  const aws = await startEmbeddedAws();
  const resources = await provisionPipeline({ aws });
  const clients = createEmbeddedClients(aws);
  const bridge = startS3EventBridge({ aws, resources, onError: rethrow });
  const worker = startWorker({ ...aws.environment, ...resources.environment }, leaking);
  const objects = createS3ObjectStore({ client: clients.s3, clock: systemClock });
  const points: (Measurement & { readonly jobs: number })[] = [];
  try {
    for (let done = 0; done < jobs; ) {
      const until = Math.round(((points.length + 1) * jobs) / times);
      while (done < until) {
        const wave = Math.min(WAVE, until - done);
        await Promise.all(range(done, wave).map((n) => put(objects, resources.processingBucket, n)));
        done += wave;
        await worker.ended(done);
      }
      points.push({ ...(await worker.measure()), jobs: done });
    }
  } finally {
    await worker.stop();
    await stopAll(aws, bridge, clients);
  }
  return { outcomes: worker.outcomes, measurements: points, growthPerJob: growthOf(points) };
}

function growthOf(points: readonly (Measurement & { readonly jobs: number })[]): Measurement {
  const warm = points.slice(Math.floor(points.length / 3));
  const of = (name: keyof Measurement): number =>
    growthPerJob(warm.map((point) => ({ jobs: point.jobs, value: point[name] })));
  return { heapBytes: of('heapBytes'), residentBytes: of('residentBytes'), handles: of('handles') };
}

function rethrow(error: unknown): never {
  throw error;
}

function range(start: number, length: number): number[] {
  return Array.from({ length }, (_, index) => start + index);
}

const NOISE = Uint8Array.from({ length: 2000 }, (_, index) => (index * 7919) % 256);

/**
 * A text of each kind, and things that are not texts: every way through the worker is taken again and again.
 */
async function put(objects: ObjectStore, bucket: string, n: number): Promise<void> {
  const text = `text ${n} has some words, and the word ${n % 97} again and again. `.repeat(1 + (n % 20));
  const bytes = new TextEncoder().encode(text);
  const [key, body] =
    n % 50 === 1
      ? [`noise ${n}.txt`, NOISE]
      : n % 50 === 2
        ? [`empty ${n}.txt`, new Uint8Array()]
        : n % 50 === 3
          ? [`other ${n}.csv`, bytes]
          : n % 10 === 4
            ? [`zipped ${n}.txt.gz`, gzipSync(bytes)]
            : // Larger than what is counted on the main thread.
              n % 50 === 5
              ? [`large ${n}.txt`, Buffer.alloc(100_000, bytes)]
              : [`text ${n}.txt`, bytes];
  await objects.put({ bucket, key }, body);
}

interface SoakedWorker {
  readonly outcomes: ReadonlyMap<string, number>;
  /** Resolves when so many jobs have their outcomes. */
  ended(jobs: number): Promise<void>;
  measure(): Promise<Measurement>;
  stop(): Promise<void>;
}

/**
 * Code that V8 throws away and compiles again would look like memory that comes and goes: it keeps it here.
 */
function startWorker(environment: Readonly<Record<string, string>>, leaking: boolean): SoakedWorker {
  const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
  const leak = leaking ? [`--import=${new URL('keep-all-headers.ts', import.meta.url)}`] : [];
  const child = spawn(
    process.execPath,
    // With the heap of the worker's image: V8's new space would otherwise grow for thousands of jobs.
    [
      '--max-semi-space-size=4',
      '--expose-gc',
      '--no-flush-bytecode',
      '--conditions=@org/source',
      ...leak,
      here('soaked-worker.ts'),
    ],
    {
      env: { PATH: process.env['PATH'] ?? '', ...environment, CONCURRENCY: '16' },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    },
  );
  const outcomes = new Map<string, number>();
  let ended = 0;
  if (child.stdout === null) throw new Error('Expected to read what the worker writes.');
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { outcome } = JSON.parse(line) as { readonly outcome?: string };
    if (outcome === undefined) return;
    ended += 1;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  });
  return {
    outcomes,
    ended: (jobs) =>
      until(`${jobs} jobs have ended`, async () => ended >= jobs || hasExited(child), 120_000, 5),
    async measure() {
      child.send('measure');
      const [measurement] = await once(child, 'message');
      return measurement as Measurement;
    },
    async stop() {
      if (hasExited(child)) return;
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function stopAll(
  aws: EmbeddedAws,
  bridge: { stop(): Promise<void> },
  clients: { destroy(): void },
): Promise<void> {
  await bridge.stop();
  clients.destroy();
  await aws.stop();
}
