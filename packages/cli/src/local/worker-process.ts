import { fileURLToPath } from 'node:url';
import type { Running } from './event-source-mapping.ts';
import { superviseProcess } from './supervised-process.ts';

/** How to run one worker, as a container platform would. */
export interface WorkerProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the worker writes: JSON logs. */
  readonly onLine: (line: string) => void;
  /** Told when the worker ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
}

/** A running worker, replaced by a new one when it crashes, as ECS replaces a task. */
export interface WorkerProcess extends Running {
  /** Of the present process; changes after a crash. */
  readonly pid: number | undefined;
}

/** Starts the worker's own program in a process of its own, and keeps it alive. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const program = fileURLToPath(import.meta.resolve('@org/wordfreq-worker/main'));
  const supervised = superviseProcess({ ...options, program, end: (child) => child.kill('SIGTERM') });
  return {
    get pid() {
      return supervised.child.pid;
    },
    stop: () => supervised.stop(),
  };
}
