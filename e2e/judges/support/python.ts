/**
 * The Python packages that judges use (emulators, other AWS clients, a linter of templates). They live in a
 * virtual environment of this checkout, which `npm run judges` makes; where it is missing, a judge is skipped
 * and says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');
const ENVIRONMENT = join(ROOT, 'node_modules/.cache/judges-python');
const REQUIREMENTS = join(ROOT, 'e2e/judges/requirements.txt');

/** Why the Python judges cannot run here, to be appended to a suite's name; empty when they can. */
export function missingForPythonJudges(): string {
  const stamp = join(ENVIRONMENT, 'requirements.txt');
  if (!existsSync(stamp)) return ' — skipped: needs Python 3.10 or newer and "npm run judges"';
  return readFileSync(stamp, 'utf8') === readFileSync(REQUIREMENTS, 'utf8')
    ? ''
    : ' — skipped: e2e/judges/requirements.txt has changed; run "npm run judges" again';
}

/** The path of a program in the judges' environment: `python`, `moto_server`, `aws`, `cfn-lint` … */
export function judgesProgram(name: string): string {
  return join(ENVIRONMENT, 'bin', name);
}
