import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The program as it is published; `npm run build` makes it. */
export const BUILT_PROGRAM: string = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The program from sources. */
export const SOURCE_PROGRAM: string = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** How a test run may change the program that it starts, and what makes it start faster. */
const INHERITED = Object.fromEntries(
  ['NODE_OPTIONS', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  }),
);

/** A worker in a process of its own, with what it wrote. */
export interface WorkerRun {
  readonly child: ChildProcess;
  /** Lines of standard output; every one must be JSON. */
  readonly lines: Record<string, unknown>[];
  stderr(): string;
  /** The exit code, or the signal's name. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts the worker as a container platform does: with an environment of its own and nothing else. */
export function runWorkerProcess(
  environment: Readonly<Record<string, string>>,
  program: string = SOURCE_PROGRAM,
): WorkerRun {
  const conditions = program.endsWith('.ts') ? ['--conditions=@org/source'] : [];
  return runProgram(process.execPath, [...conditions, program], environment);
}

/** Starts any program whose lines are JSON, with an environment of its own and nothing else. */
export function runProgram(
  command: string,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): WorkerRun {
  const child = spawn(command, options, {
    env: { PATH: process.env['PATH'] ?? '', ...INHERITED, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  return { child, lines, stderr: () => stderr, ended };
}
