import { cpus, loadavg, totalmem } from 'node:os';
import type { RunMeasurement } from './measure-run.ts';

/** What the worker may have resident while it streams 1 GB; above, the benchmark fails. */
export const MAX_RESIDENT_BYTES: number = 256 * 1024 * 1024;

/** The machine, as far as it explains the numbers. */
export function describeMachine(): string {
  const [cpu, ...others] = cpus();
  const load = loadavg()[0] ?? 0;
  const busy = load > others.length + 1;
  return (
    `Node ${process.version}, ${cpu?.model.trim() ?? 'unknown processor'} × ${others.length + 1}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, load ${load.toFixed(1)} when it began.` +
    (busy
      ? ' Others kept the machine busy: rates and seconds are what they left, processor time is the worker’s own.'
      : '')
  );
}

/** Writes measurements down as a page. */
export function report(date: string, machine: string, runs: readonly RunMeasurement[]): string {
  return `# ${date}

${machine}

One worker process over the AWS SDK's clients; the embedded servers in a process of their own on the same machine. Processor time is by
thread, from Linux's accounting: *main* talks to the services and counts texts up to 64 KiB, *counting* are the counting threads, *V8* its
garbage collection and compilation, *servers* the other process.

| files | bytes each | concurrency | counting threads | seconds | files/s | MB/s | main s | counting s | V8 s | servers s | peak MB |
|---|---|---|---|---|---|---|---|---|---|---|---|
${runs.map(row).join('\n')}
`;
}

function row(run: RunMeasurement): string {
  const cells = [
    run.files,
    run.bytes.toLocaleString('en'),
    run.concurrency,
    run.countingThreads,
    run.wallSeconds.toFixed(2),
    run.filesPerSecond.toFixed(1),
    run.megabytesPerSecond.toFixed(1),
    run.mainSeconds.toFixed(2),
    run.countingSeconds.toFixed(2),
    run.otherSeconds.toFixed(2),
    run.emulatorSeconds.toFixed(2),
    Math.round(run.peakResidentBytes / 2 ** 20),
  ];
  return `| ${cells.join(' | ')} |`;
}

/**
 * Runs that had more resident than a worker may have.
 *
 * @example
 * for (const run of tooLarge(runs)) console.error(`${run.files} files of ${run.bytes} bytes took ${run.peakResidentBytes} bytes.`);
 */
export function tooLarge(runs: readonly RunMeasurement[]): readonly RunMeasurement[] {
  return runs.filter(({ peakResidentBytes }) => !(peakResidentBytes < MAX_RESIDENT_BYTES));
}
