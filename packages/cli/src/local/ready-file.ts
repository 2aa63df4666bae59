import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CliError, EXIT_CODES } from '../errors.ts';

/**
 * A file that points other terminals at the running pipeline. Not called `--env-file` on the command line: Node takes that for itself,
 * even after the program's name.
 */
export interface ReadyFile {
  readonly path: string;
  /** Takes the file away: what it points at is gone. */
  remove(): Promise<void>;
}

/**
 * Writes the variables of a running pipeline, whole or not at all: that the file is there says that everything is up. Without a path, it is
 * put into a fresh folder for temporary files that is this user's alone.
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
    const draft = join(dirname(file), `.wordfreq-env-${process.pid}`);
    await writeFile(draft, `${shellCommands(environment).join('\n')}\n`, { mode: 0o600 });
    await rename(draft, file);
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
    remove: () => rm(folder ?? file, { force: true, recursive: folder !== undefined }),
  };
}

/** What a shell may hold of somebody's AWS account; a profile would even win over the embedded servers' credentials. */
const OF_AN_ACCOUNT = [
  'AWS_PROFILE',
  // The AWS CLI and boto3 read the profile from here, too.
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_ENDPOINT_URL',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
] as const;

/** The environment of a process that is to use the embedded servers: this one's, nothing of an AWS account in it. */
export function embeddedEnvironment(
  environment: Readonly<Record<string, string>>,
  inherited: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string | undefined> {
  const absent = Object.fromEntries(OF_AN_ACCOUNT.map((name) => [name, undefined]));
  return { ...inherited, ...absent, ...environment };
}

/** Commands of a POSIX shell that give it such an environment. */
export function shellCommands(environment: Readonly<Record<string, string>>): readonly string[] {
  return [
    `unset ${OF_AN_ACCOUNT.join(' ')}`,
    ...Object.entries(environment).map(([name, value]) => `export ${name}=${quoteForShell(value)}`),
  ];
}

/** A word that a POSIX shell reads as it is, whatever characters it has. */
export function quoteForShell(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
