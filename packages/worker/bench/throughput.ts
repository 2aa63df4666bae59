/**
 * Files and bytes per second through one worker and the embedded servers: `npm run bench` in this package, on
 * Linux. Writes `results/` and fails when a worker that streams 1 GB has 256 MiB or more resident.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { measureRun, type RunMeasurement, type RunOptions } from './measure-run.ts';
import { describeMachine, MAX_RESIDENT_BYTES, report, tooLarge } from './report.ts';

const CONCURRENCIES = [1, 4, 16, 64];
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const GIGABYTE = 1_000_000_000;

const plan: readonly Omit<RunOptions, 'program'>[] = [
  ...CONCURRENCIES.map((concurrency) => ({ files: 500, bytes: 5000, concurrency, countingThreads: 1 })),
  ...CONCURRENCIES.map((concurrency) => ({ files: 64, bytes: 16_000_000, concurrency, countingThreads: 2 })),
  { files: 1, bytes: GIGABYTE, concurrency: 1, countingThreads: 1 },
  { files: 4, bytes: GIGABYTE, concurrency: 4, countingThreads: 2 },
];

const machine = describeMachine();
const runs: RunMeasurement[] = [];
for (const options of plan) {
  const run = await measureRun({ ...options, program });
  runs.push(run);
  console.log(JSON.stringify(run));
}
const date = new Date().toISOString().slice(0, 10);
const folder = new URL('results/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL(`${date}.md`, folder), report(date, machine, runs));
for (const run of tooLarge(runs.filter(({ bytes, files }) => bytes === GIGABYTE && files === 1))) {
  console.error(`Expected less than ${MAX_RESIDENT_BYTES} bytes resident, got ${run.peakResidentBytes}.`);
  process.exitCode = 1;
}
