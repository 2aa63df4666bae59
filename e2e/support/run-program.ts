import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';

const ROOT = resolve(import.meta.dirname, '../..');

/** A run of the command-line program, as a shell starts it, with its output collected. */
export interface ProgramRun {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** Everything written so far. */
  stdout(): string;
  stderr(): string;
  /** The exit code, or the signal's name, once it has ended. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts `wordfreq` from sources, from the repository's root, exactly as `npm start` does. */
export function runProgram(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ProgramRun {
  const child = spawn(process.execPath, ['--conditions=@org/source', 'packages/cli/src/main.ts', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1', CI: '', ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? code ?? 0));
  });
  return { child, stdout: () => stdout, stderr: () => stderr, ended };
}
