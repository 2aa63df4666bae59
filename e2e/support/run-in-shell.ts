import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { quoteForShell } from '../../packages/cli/src/local/ready-file.ts';

const MAIN = resolve(import.meta.dirname, '../../packages/cli/src/main.ts');

/** How a command in a shell ended. */
export interface ShellRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a line of a POSIX shell in which `wordfreq` is the command-line program, from sources.
 *
 * @example
 * await runInShell('. ./ready && wordfreq results | head -1', { cwd: folder });
 */
export function runInShell(line: string, { cwd }: { readonly cwd: string }): Promise<ShellRun> {
  const program = [process.execPath, '--conditions=@org/source', MAIN].map(quoteForShell).join(' ');
  // Without the variables of an AWS account that the machine may have, and of the npm that runs the tests.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('npm_')),
  );
  return new Promise((settle) => {
    const script = `wordfreq() { ${program} "$@"; }\n${line}`;
    execFile(
      'sh',
      ['-c', script],
      { cwd, env: { ...env, NO_COLOR: '1' }, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        settle({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      },
    );
  });
}
