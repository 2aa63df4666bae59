import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CliError, EXIT_CODES } from '../errors.ts';
import { removeWrittenFile, writeFileAtomically } from '../terminal/write-file.ts';

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
  const file = path ?? join(folder ?? '', 'env');
  try {
    const lines = [...shellCommands(environment), wordfreqFunction()];
    await writeFileAtomically(file, lines, { mode: 0o600 });
  } catch (error) {
    throw new CliError(`the file ${file} cannot be written: ${(error as Error).message}`, {
      exitCode: EXIT_CODES.environment,
      code: 'ready-file-unusable',
      hint: 'Name another file with --ready-file.',
      cause: error,
    });
  }
  return {
    path: file,
    remove: () =>
      folder === undefined ? removeWrittenFile(file) : rm(folder, { force: true, recursive: true }),
  };
}

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
