import { execFile } from 'node:child_process';
import { delimiter, resolve } from 'node:path';

/** The repository's root. */
export const ROOT: string = resolve(import.meta.dirname, '../..');

const BIN = resolve(ROOT, 'node_modules/.bin');

/** The folder of a command, and additions to this process's environment. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * The environment without the variables of npm, vitest and the repository's own conditions: a consumer's
 * command must find nothing of this repository except what it installed.
 */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(npm_|NODE_OPTIONS$|NODE_ENV$|VITEST|INIT_CWD$|FORCE_COLOR$)/i;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name));
  return {
    ...Object.fromEntries(kept),
    NO_COLOR: '1',
    // A connection that hangs is given up and tried again, sooner than after npm's five minutes.
    npm_config_fetch_timeout: '60000',
    npm_config_fetch_retries: '5',
    PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}`,
  };
}

/** Runs a command and returns its standard output; the error of a failure has its whole output. */
export function run(command: string, args: readonly string[], { cwd, env }: RunOptions): Promise<string> {
  return new Promise((done, fail) => {
    const options = { cwd, env: { ...cleanEnvironment(), ...env }, maxBuffer: 64 * 1024 * 1024 };
    execFile(command, [...args], options, (error, stdout, stderr) => {
      if (error === null) done(stdout);
      else fail(new Error(`${command} ${args.join(' ')} in ${cwd}: ${error.code}\n${stdout}\n${stderr}`));
    });
  });
}
