import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { quoteForShell } from '../../src/local/ready-file.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');
const PROGRAM = [process.execPath, '--conditions=@org/source', MAIN] as const;

/** The program and its first arguments, as a shell reads them. */
export const PROGRAM_LINE: string = PROGRAM.map(quoteForShell).join(' ');

/** A shell function that runs the program from its sources, for command lines as people type them. */
const SHELL_FUNCTION: string = `wordfreq() { ${PROGRAM_LINE} "$@"; }`;

/** Where and with what a program runs. */
interface RunEnvironment {
  readonly cwd?: string;
  /** Beside PATH, HOME and TMPDIR. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a finished program left. */
interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environmentOf({ environment = {} }: RunEnvironment): Record<string, string> {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME, TMPDIR: tmpdir(), LANG: 'C.UTF-8', TERM: 'xterm-256color', ...environment };
}

/** Runs `wordfreq` with pipes, as a program does. */
export function runWordfreq(
  args: readonly string[],
  where: RunEnvironment & { readonly input?: string | Uint8Array } = {},
): Promise<Finished> {
  return run(PROGRAM[0], [...PROGRAM.slice(1), ...args], where, where.input ?? '');
}

/** Runs a line of bash in which `wordfreq` is known. */
export function runLine(line: string, where: RunEnvironment = {}): Promise<Finished> {
  return run('bash', ['--norc', '-c', `${SHELL_FUNCTION}; ${line}`], where, '');
}

function run(
  command: string,
  args: readonly string[],
  where: RunEnvironment,
  input: string | Uint8Array,
): Promise<Finished> {
  const { cwd } = where;
  const child = spawn(command, args, {
    env: environmentOf(where),
    ...(cwd === undefined ? {} : { cwd }),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** A program under a pseudo-terminal. */
export interface Session {
  /** All that it wrote, with its colours. */
  readonly raw: string;
  /** All that it wrote, without what moves and colours. */
  readonly text: string;
  type(keys: string): void;
  /** Waits until something is to be read, after this many characters of the text. */
  shows(pattern: RegExp, from?: number): Promise<void>;
  readonly exitCode: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs `wordfreq` under a pseudo-terminal, as a person does. */
export function openWordfreq(
  args: readonly string[],
  more: RunEnvironment & { readonly columns?: number } = {},
): Session {
  return openTerminal([...PROGRAM, ...args], more);
}

/** Runs any program under a pseudo-terminal. */
export function openTerminal(
  [command = '', ...args]: readonly string[],
  more: RunEnvironment & { readonly columns?: number } = {},
): Session {
  const { columns = 80, cwd } = more;
  const terminal = spawnTerminal(command, args, {
    cols: columns,
    rows: 24,
    env: environmentOf(more),
    ...(cwd === undefined ? {} : { cwd }),
  });
  let raw = '';
  const listeners = new Set<() => void>();
  terminal.onData((data) => {
    raw += data;
    for (const listener of listeners) listener();
  });
  const exitCode = new Promise<number>((resolve) => {
    terminal.onExit((end) => resolve(end.exitCode));
  });
  const textOf = (): string => stripVTControlCharacters(raw).replaceAll('\r', '');
  return {
    get raw() {
      return raw;
    },
    get text() {
      return textOf();
    },
    type: (keys) => terminal.write(keys),
    shows: (pattern, from = 0) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(textOf().slice(from))) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        void exitCode.then(() => reject(new Error(`It ended without showing ${pattern}:\n${textOf()}`)));
        look();
      }),
    exitCode,
    kill: (signal) => terminal.kill(signal),
  };
}
