/** Runs the commands of a README as a reader who copies them would. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { judgesProgram } from '../support/python.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** The shell fences of a README's section, in their order. */
export function fencesOf(readme: string, heading: string): string[] {
  const text = `\n${readFileSync(join(ROOT, readme), 'utf8')}`;
  const [, section] = text.split(`\n${heading}\n`);
  if (section === undefined) throw new Error(`Expected "${heading}" in ${readme}.`);
  // A comment in a fence begins with one of these.
  const [own = ''] = section.split(/^## /m);
  return [...own.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, commands = '']) => commands);
}

/**
 * Runs commands in an example's folder, with the CDK of this repository and the AWS CLI of the judges.
 *
 * @throws Error with what they printed, when one fails
 */
export function run(
  commands: string,
  {
    example,
    environment,
  }: { readonly example: string; readonly environment: Readonly<Record<string, string>> },
): Promise<string> {
  return runIn(join(ROOT, 'examples', example), commands, environment);
}

/** Runs commands in a folder; programs on the environment's PATH come before all others. */
export async function runIn(
  cwd: string,
  commands: string,
  { PATH: first, ...environment }: Readonly<Record<string, string>>,
): Promise<string> {
  const path = [first, dirname(judgesProgram('aws')), join(ROOT, 'node_modules/.bin'), process.env['PATH']];
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['--norc', '-euo', 'pipefail', '-c', commands],
    {
      cwd,
      maxBuffer: 1e8,
      env: {
        ...environment,
        PATH: path.filter((folder) => folder !== undefined).join(delimiter),
        // No questions, no news, and no build: the Lambdas are built before tests are run.
        CDK_REQUIRE_APPROVAL: 'never',
        CDK_BUILD: 'true',
        CDK_NOTICES: 'false',
        CDK_DISABLE_CLI_TELEMETRY: 'true',
        CDK_VALIDATION: 'false',
        NO_UPDATE_NOTIFIER: '1',
        npm_config_update_notifier: 'false',
      },
    },
  );
  return stdout + stderr;
}
