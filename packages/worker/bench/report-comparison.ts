import type { WorkerMeasurement } from './compare-with-go.ts';

/** Writes a comparison down as a section of the report. */
export function reportComparison(measurements: readonly WorkerMeasurement[], bytes: number): string {
  return `## Beside a plain worker in Go

\`bench/go-worker\` makes one request to each service for each file: no leases, no retries, no batches. It and our worker counted the same texts of
${bytes.toLocaleString('en')} bytes on the same servers, one after the other, and recorded the same words. Processor time is user and system time of the worker's process
without its start, requests are counted at the servers, and *like AWS* delays each response: S3 20 ms, SQS 8 ms, DynamoDB 5 ms.

| latency | concurrency | worker | processor ms per file | files/s | peak MB | requests per file |
|---|--:|---|--:|--:|--:|---|
${measurements.map(row).join('\n')}

| latency | concurrency | processor time, as multiple of Go's | files/s, as multiple of Go's |
|---|--:|--:|--:|
${ratios(measurements).join('\n')}
`;
}

function row(measurement: WorkerMeasurement): string {
  const { latency, concurrency, worker, cpuMsPerFile, filesPerSecond, peakResidentBytes } = measurement;
  const requests = Object.entries(measurement.requestsPerFile).sort(([, a], [, b]) => b - a);
  const total = requests.reduce((sum, [, count]) => sum + count, 0);
  const cells = [
    latency,
    concurrency,
    worker,
    cpuMsPerFile.toFixed(2),
    filesPerSecond.toFixed(0),
    Math.round(peakResidentBytes / 2 ** 20),
    `${total.toFixed(2)}: ${requests.map(([kind, count]) => `${kind} ${count.toFixed(2)}`).join(', ')}`,
  ];
  return `| ${cells.join(' | ')} |`;
}

function ratios(measurements: readonly WorkerMeasurement[]): string[] {
  return measurements
    .filter(({ worker }) => worker === 'wordfreq')
    .map((ours) => {
      const isPeer = ({ worker, latency, concurrency }: WorkerMeasurement): boolean =>
        worker === 'go' && latency === ours.latency && concurrency === ours.concurrency;
      const go = measurements.find(isPeer);
      const cpu = ours.cpuMsPerFile / (go?.cpuMsPerFile ?? Number.NaN);
      const rate = ours.filesPerSecond / (go?.filesPerSecond ?? Number.NaN);
      return `| ${ours.latency} | ${ours.concurrency} | ${cpu.toFixed(2)} | ${rate.toFixed(2)} |`;
    });
}
