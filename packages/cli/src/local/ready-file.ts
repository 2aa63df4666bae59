import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { CommandContext } from '../command-line/command.ts';
import { CliError, EXIT_CODES } from '../errors.ts';
import { removeWrittenFile, whyUnwritable, writeFileAtomically } from '../terminal/write-file.ts';

/**
 * A file that points other terminals at the running pipeline. Not called `--env-file` on the command line:
 * Node takes that for itself, even after the program's name.
 */
export interface ReadyFile {
  readonly path: string;
  /** Removes the file, when what it points at is gone. */
  remove(): Promise<void>;
}

/**
 * Writes the variables of a running pipeline, completely or not at all: the file's existence means that
 * everything is up. Without a path, it is put into a new temporary folder that only this user can read.
 *
 * @throws CliError, exit code 3: the file cannot be written
 */
export async function writeReadyFile(
  path: string | undefined,
  environment: Readonly<Record<string, string>>,
): Promise<ReadyFile> {
  const folder = path === undefined ? await mkdtemp(join(tmpdir(), 'wordfreq-')) : undefined;
  // Absolute, because it is sourced in another terminal, which is in another folder.
  const file = path === undefined ? join(folder ?? '', 'env') : resolve(path);
  try {
    const lines = [...shellCommands(environment), wordfreqFunction()];
    await writeFileAtomically(file, lines, { mode: 0o600 });
  } catch (error) {
    throw new CliError(`the file ${file} cannot be written: ${whyUnwritable(error)}`, {
      exitCode: EXIT_CODES.environment,
      code: 'ready-file-unusable',
      hint: 'Name another file with --ready-file.',
      cause: error,
    });
  }
  return {
    path: file,
    async remove() {
      if (path !== undefined) await removeWrittenFile(file);
      const made = folder ?? process.env[FOLDER_OF_DETACHED];
      if (made !== undefined) await rm(made, { force: true, recursive: true });
    },
  };
}

/** The variable with the folder of a pipeline in the background, which holds its log and is removed with it. */
const FOLDER_OF_DETACHED = 'WORDFREQ_LOCAL_FOLDER';

/** Variables that may point a shell at an AWS account; a profile would even override our credentials. */
const OF_AN_ACCOUNT = [
  'AWS_PROFILE',
  // The AWS CLI and boto3 read the profile from here, too.
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
] as const;

/** The environment of a process that uses the embedded servers: this process's, without any AWS account. */
export function embeddedEnvironment(
  environment: Readonly<Record<string, string>>,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  const absent = Object.fromEntries(OF_AN_ACCOUNT.map((name) => [name, undefined]));
  return { ...inherited, ...absent, ...environment };
}

/** Commands that give a POSIX shell such an environment. */
function shellCommands(environment: Readonly<Record<string, string>>): readonly string[] {
  return [
    `unset ${OF_AN_ACCOUNT.join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoteForShell(value)}`),
  ];
}

/**
 * Makes `wordfreq` this very program in a shell, which may have none on its path, as in a clone of the
 * repository.
 */
function wordfreqFunction(): string {
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1, 2)];
  return `wordfreq() { ${program.map(quoteForShell).join(' ')} "$@"; }`;
}

/** A word that a POSIX shell reads literally, whatever characters it contains. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** How long the pipeline may take to come up on a busy machine. */
const PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 50;
/** How many of the log's last lines are shown if the pipeline does not come up. */
const SHOWN_LINES = 3;

/**
 * `wordfreq local --detach`: starts the same command in the background, waits until everything is up, and
 * prints the commands that point a shell at the pipeline. Returns the exit code.
 *
 * @throws CliError, exit code 3: it did not come up
 */
export async function runDetached(
  options: { readonly readyFile?: string | undefined; readonly json: boolean },
  { terminal, signal }: CommandContext,
  args: readonly string[] = process.argv.slice(1),
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'wordfreq-local-'));
  const log = join(folder, 'log');
  const readyFile = options.readyFile ?? join(folder, 'env');
  if (process.env['npm_lifecycle_event'] !== undefined && process.env['npm_config_loglevel'] !== 'silent')
    terminal.note('npm prints lines of its own before the variables; with npm --silent it does not.');
  const child = startInBackground(args, readyFile, log, folder);
  const deadline = performance.now() + PATIENCE_MS;
  while (!isUp(readyFile, child.pid)) {
    const isOver = child.exitCode !== null || child.signalCode !== null;
    if (isOver || signal.aborted || performance.now() > deadline) {
      child.kill('SIGTERM');
      throw didNotComeUp(log, isOver);
    }
    await delay(LOOK_EVERY_MS);
  }
  child.unref();
  const commands = await readFile(readyFile, 'utf8');
  if (options.json) terminal.line(JSON.stringify({ type: 'up', pid: child.pid, readyFile, log }));
  else await terminal.write(commands.trimEnd().split('\n'));
  terminal.note(`The pipeline is up in the background. Until it stops, it logs to ${log}`);
  terminal.note('Stop it with: kill "$WORDFREQ_LOCAL_PID"');
  return EXIT_CODES.ok;
}

function startInBackground(
  args: readonly string[],
  readyFile: string,
  log: string,
  folder: string,
): ReturnType<typeof spawn> {
  const output = openSync(log, 'a', 0o600);
  const own = args.filter((arg) => arg !== '--detach');
  // The last option wins, so naming the file again is harmless.
  return spawn(process.execPath, [...process.execArgv, ...own, '--ready-file', readyFile], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, [FOLDER_OF_DETACHED]: folder },
  });
}

/** An older pipeline may have left its file: only the one from this process counts. */
function isUp(readyFile: string, pid: number | undefined): boolean {
  return existsSync(readyFile) && readFileSync(readyFile, 'utf8').includes(`WORDFREQ_LOCAL_PID='${pid}'`);
}

function didNotComeUp(log: string, isOver: boolean): CliError {
  const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-SHOWN_LINES);
  // The message of an error has no full stop, because its hint follows.
  const sentences = lines.map((line) =>
    line
      .replace(/^wordfreq: /, '')
      .trim()
      .replace(/\w$/, '$&.'),
  );
  const why = sentences.join(' ');
  return new CliError(
    `the pipeline ${isOver ? 'ended before it was up' : 'did not come up in time'}: ${why || 'its log is empty'}`,
    {
      exitCode: EXIT_CODES.environment,
      code: 'not-up',
      hint: `Its log is ${log}; without --detach you see it come up.`,
    },
  );
}
