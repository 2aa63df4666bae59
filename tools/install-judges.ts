/**
 * Makes the virtual environment of the judges in Python, or says in one line why not. Run by
 * `npm run judges`.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const ENVIRONMENT = join(ROOT, 'node_modules/.cache/judges-python');
const REQUIREMENTS = join(ROOT, 'e2e/judges/requirements.txt');
const STAMP = join(ENVIRONMENT, 'requirements.txt');

function run(command: string, ...args: string[]): void {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  rmSync(ENVIRONMENT, { recursive: true, force: true });
  const why = error?.message ?? stderr.trim().split('\n').at(-1);
  console.log(`The Python judges will be skipped: ${command} ${args.slice(0, 3).join(' ')} failed: ${why}`);
  process.exit(0);
}

if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === readFileSync(REQUIREMENTS, 'utf8')) process.exit(0);
run(
  'python3',
  '-c',
  'import sys; sys.exit("Python 3.10 or newer is needed" if sys.version_info < (3, 10) else 0)',
);
rmSync(ENVIRONMENT, { recursive: true, force: true });
run('python3', '-m', 'venv', ENVIRONMENT);
run(
  join(ENVIRONMENT, 'bin/python'),
  '-m',
  'pip',
  'install',
  '--quiet',
  '--disable-pip-version-check',
  '-r',
  REQUIREMENTS,
);
copyFileSync(REQUIREMENTS, STAMP);
