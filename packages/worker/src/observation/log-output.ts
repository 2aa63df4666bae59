import { stdout } from 'node:process';

/** Where lines of the log and of the metrics go. CloudWatch tells them apart by their shape. */
export interface LogOutput {
  write(line: string): void;
}

/**
 * Standard output, which a worker outlives: when its reader has gone, what is written is lost. pino's own
 * output tries at the exit to write its last lines again and again, whatever the error, so a worker without a
 * reader never ended.
 */
export function logOutput(): LogOutput {
  stdout.off('error', ignore).on('error', ignore);
  return { write: (line) => void stdout.write(line) };
}

function ignore(): void {}
