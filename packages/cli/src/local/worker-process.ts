import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { embeddedEnvironment } from './embedded-environment.ts';
import type { Running } from './event-source-mapping.ts';

/** How to run one worker, as a container platform would. */
export interface WorkerProcessOptions {
  /** The program's whole environment, on top of what a process needs to start (PATH and the like). */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the worker writes: JSON logs. */
  readonly onLine: (line: string) => void;
  /** Told when the worker ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
  /** How long a worker may take to stop before it is killed. Default: 30,000. */
  readonly stopTimeoutMs?: number;
}

/** A running worker, replaced by a new one when it crashes, as ECS replaces a task. */
export interface WorkerProcess extends Running {
  /** Of the present process; changes after a crash. */
  readonly pid: number | undefined;
}

/** Starts the worker's own program in a process of its own, and keeps it alive. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const program = fileURLToPath(import.meta.resolve('@org/wordfreq-worker/main'));
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let child = launch();

  function launch(): ChildProcess {
    // The parent's own flags travel along, so that a worker runs from sources where its parent does.
    const started = spawn(process.execPath, [...process.execArgv, program], {
      env: embeddedEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) {
      createInterface({ input: stream }).on('line', options.onLine);
    }
    started.on('error', (error) => options.onCrash(error.message));
    started.on('exit', (code, signal) => {
      if (stopping) return;
      options.onCrash(signal === null ? `exit code ${code}` : `signal ${signal}`);
      restart = setTimeout(() => {
        child = launch();
      }, 1000);
    });
    return started;
  }

  return {
    get pid() {
      return child.pid;
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), options.stopTimeoutMs ?? 30_000);
      await exited;
      clearTimeout(kill);
    },
  };
}
