import { stdout } from 'node:process';

/** Where log lines and metrics documents go. CloudWatch distinguishes them by their structure. */
interface LogOutput {
  write(line: string): void;
}

/**
 * Standard output. A worker outlives its reader: what is written after that is lost. pino's own output
 * retries its last lines at the exit whatever the error is, so a worker without a reader would never end.
 */
export function logOutput(): LogOutput {
  stdout.off('error', ignore).on('error', ignore);
  return { write: (line) => void stdout.write(line) };
}

function ignore(): void {}
