import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@org/wordfreq-aws-adapters/clock';
import type { IntakeSwitch } from '@org/wordfreq-aws-adapters/ports';
import { embeddedEnvironment } from './ready-file.ts';

/** Something that runs until it is stopped. */
export interface Running {
  /** Finishes what it has started, then ends. */
  stop(): Promise<void>;
}

/** A program to keep running. */
interface SupervisedProcessOptions {
  readonly program: string;
  /** The program's whole environment, on top of what a process needs to start (PATH and the like). */
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the program writes. */
  readonly onLine: (line: string) => void;
  /** Each message that the program sends to its parent. Default: none is expected. */
  readonly onMessage?: (message: unknown) => void;
  /** Called when the program ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
  /** How to ask the program to end. */
  readonly end: (child: ChildProcess) => void;
  /** How long the program may take to end before it is killed. Default: 30,000. */
  readonly stopTimeoutMs?: number;
}

/**
 * A program in its own process, which is replaced when it crashes, as AWS replaces tasks and execution
 * environments.
 */
interface SupervisedProcess extends Running {
  /** The current process; a new one after a crash. */
  readonly child: ChildProcess;
}

const RESTART_AFTER_MS = 1000;
/**
 * In MiB. On a machine with much memory, V8 would let young objects take 128 MB, and rarely free old ones. The
 * words of large texts are in neither heap.
 */
const SMALL_HEAP: readonly string[] = ['--max-semi-space-size=8', '--max-old-space-size=256'];

/**
 * Starts a program and keeps it running. The program has a channel to this process: if the channel closes,
 * this process is gone, even if it was killed.
 */
export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let child = launch();

  function launch(): ChildProcess {
    // The parent's own flags are passed on, so that a program runs from sources if its parent does.
    const started = spawn(process.execPath, [...SMALL_HEAP, ...process.execArgv, options.program], {
      env: embeddedEnvironment(options.environment),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // In a process group of its own: Ctrl-C in a terminal reaches this process only, which ends its
      // children in order.
      detached: true,
    });
    for (const stream of [started.stdout, started.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', options.onLine);
    }
    started.on('message', (message) => options.onMessage?.(message));
    started.on('error', (error) => options.onCrash(error.message));
    started.on('exit', (code, signal) => {
      if (stopping) return;
      options.onCrash(signal === null ? `exit code ${code}` : `signal ${signal}`);
      restart = setTimeout(() => {
        child = launch();
      }, RESTART_AFTER_MS);
    });
    return started;
  }

  return {
    get child() {
      return child;
    },
    async stop() {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      options.end(child);
      const kill = setTimeout(() => child.kill('SIGKILL'), options.stopTimeoutMs ?? 30_000);
      await exited;
      clearTimeout(kill);
    },
  };
}

/** How to run one worker, as a container platform would. */
interface WorkerProcessOptions {
  readonly environment: Readonly<Record<string, string>>;
  /** Each line that the worker writes: JSON logs. */
  readonly onLine: (line: string) => void;
  /** Called when the worker ends without having been asked to; it is started again after a second. */
  readonly onCrash: (reason: string) => void;
}

/** A running worker, replaced by a new one when it crashes, as ECS replaces a task. */
export interface WorkerProcess extends Running {
  /** Of the current process; changes after a crash. */
  readonly pid: number | undefined;
  /** Makes the worker check at once whether intake is paused. */
  hintAtIntake(): void;
}

/** The message that a worker's process gets when intake was paused or resumed. */
export const INTAKE_HINT = 'intake';

/** Starts the worker's own program in a process of its own, and keeps it alive. */
export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  const program = programBeside('worker-process');
  const supervised = superviseProcess({ ...options, program, end: (child) => child.kill('SIGTERM') });
  return {
    get pid() {
      return supervised.child.pid;
    },
    hintAtIntake() {
      // A worker that is being replaced checks when it starts.
      if (supervised.child.connected) supervised.child.send(INTAKE_HINT, () => undefined);
    },
    stop: () => supervised.stop(),
  };
}

/** The path of another program of this folder: a source when run from sources, else a built file. */
export function programBeside(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return fileURLToPath(new URL(`./${name}.${extension}`, import.meta.url));
}

/** A switch that takes effect at once, because it notifies the workers. */
export function hintingSwitch(intake: IntakeSwitch, workers: readonly WorkerProcess[]): IntakeSwitch {
  const hint = (): void => {
    for (const worker of workers) worker.hintAtIntake();
  };
  return {
    read: intake.read,
    pause: (pause, call) => intake.pause(pause, call).finally(hint),
    resume: (call) => intake.resume(call).finally(hint),
  };
}

/** Problems that recur with every request are reported once a minute. */
const SAME_PROBLEM_MS = 60_000;

/** Returns a listener for the errors of one kind, which says what they mean. */
export type Report = (what: string) => (error: unknown) => void;

export function problemReport(onProblem: (problem: string) => void): Report {
  const reportedMs = new Map<string, number>();
  return (what) => (error) => {
    const problem = `${what}: ${error instanceof Error ? error.message : String(error)}`;
    const nowMs = systemClock.monotonicMs();
    if (nowMs - (reportedMs.get(problem) ?? Number.NEGATIVE_INFINITY) < SAME_PROBLEM_MS) return;
    if (reportedMs.size > 1000) reportedMs.clear();
    reportedMs.set(problem, nowMs);
    onProblem(problem);
  };
}
