import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(resolve(import.meta.dirname, '../../..'), 'packages/worker/dist/main.js');

/** Why the published worker cannot be run here, to be appended to a suite's name; empty when it can. */
export const missingWorker: string = existsSync(PROGRAM) ? '' : ' — skipped: needs "npm run build"';

/** A line of the worker's log. */
interface LogLine {
  readonly outcome?: string;
  readonly key?: string;
  readonly errorCode?: string;
  readonly msg?: string;
}

/** The worker's program, as it is published. */
export interface WorkerProgram {
  /** What it has logged about messages. */
  readonly log: readonly LogLine[];
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export function startWorkerProgram(environment: Readonly<Record<string, string>>): WorkerProgram {
  const child = spawn(process.execPath, [PROGRAM], {
    env: { PATH: process.env['PATH'], ...environment },
    // When the channel closes, it knows that the tests were killed, and ends.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const log: LogLine[] = [];
  if (child.stdout !== null)
    createInterface({ input: child.stdout }).on('line', (line) => log.push(JSON.parse(line) as LogLine));
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return { log, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}
