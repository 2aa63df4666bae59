import { execFile } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { promisify } from 'node:util';
import { judgesProgram } from '../support/python.ts';

const run = promisify(execFile);

/**
 * Runs lines in a shell that has the AWS CLI, but no credentials other than the given ones; returns the
 * output.
 */
export async function withAwsCli(
  lines: string,
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<string> {
  const PATH = [dirname(judgesProgram('aws')), process.env['PATH']].join(delimiter);
  const env = { PATH, HOME: folder, AWS_EC2_METADATA_DISABLED: 'true', ...environment };
  const { stdout } = await run('sh', ['-euc', lines], { cwd: folder, env });
  return stdout;
}
