/**
 * Files and bytes per second through one worker and the embedded servers, and the same work done by a plain
 * worker in Go: `npm run bench` in this package, on Linux. Writes `results/` and fails when a worker that
 * streams 1 GB has 256 MiB or more resident, or when the Go worker records other words.
 *
 * `--peer` does only the comparison, `--quick` does it with a few files; neither writes results.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type ComparisonPlan, compareWithGo } from './compare-with-go.ts';
import { buildGoWorker, WITHOUT_GO } from './go-worker.ts';
import { measureRun, type RunMeasurement, type RunOptions } from './measure-run.ts';
import { describeMachine, MAX_RESIDENT_BYTES, report, tooLarge } from './report.ts';
import { reportComparison } from './report-comparison.ts';

const CONCURRENCIES = [1, 4, 16, 64];
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const GIGABYTE = 1_000_000_000;

const plan: readonly Omit<RunOptions, 'program'>[] = [
  ...CONCURRENCIES.map((concurrency) => ({ files: 500, bytes: 5000, concurrency, countingThreads: 1 })),
  ...CONCURRENCIES.map((concurrency) => ({ files: 64, bytes: 16_000_000, concurrency, countingThreads: 2 })),
  { files: 1, bytes: GIGABYTE, concurrency: 1, countingThreads: 1 },
  { files: 4, bytes: GIGABYTE, concurrency: 4, countingThreads: 2 },
];
const COMPARISON: ComparisonPlan = {
  files: 1000,
  bytes: 5000,
  // V8 compiles for a while.
  warmUpFiles: 1000,
  concurrencies: [8, 32],
  withDefault: true,
};
const QUICK_COMPARISON: ComparisonPlan = {
  files: 60,
  bytes: 5000,
  warmUpFiles: 20,
  concurrencies: [8],
  withDefault: false,
};

const { peer, quick } = parseArgs({
  options: { peer: { type: 'boolean', default: false }, quick: { type: 'boolean', default: false } },
}).values;
const machine = describeMachine();
const comparison = await compare(quick ? QUICK_COMPARISON : COMPARISON);
console.log(comparison);
if (!peer && !quick) await measureThroughput();

async function compare(how: ComparisonPlan): Promise<string> {
  const go = buildGoWorker();
  if (go === undefined) return WITHOUT_GO;
  const measured = await compareWithGo(how, { wordfreq: program, go }, (one) =>
    console.log(JSON.stringify(one)),
  );
  return reportComparison(measured, how.bytes);
}

async function measureThroughput(): Promise<void> {
  const runs: RunMeasurement[] = [];
  for (const options of plan) {
    const run = await measureRun({ ...options, program });
    runs.push(run);
    console.log(JSON.stringify(run));
  }
  const date = new Date().toISOString().slice(0, 10);
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  writeFileSync(new URL(`${date}.md`, folder), `${report(date, machine, runs)}\n${comparison}`);
  for (const run of tooLarge(runs.filter(({ bytes, files }) => bytes === GIGABYTE && files === 1))) {
    console.error(`Expected less than ${MAX_RESIDENT_BYTES} bytes resident, got ${run.peakResidentBytes}.`);
    process.exitCode = 1;
  }
}
