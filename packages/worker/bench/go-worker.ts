import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findGo } from '../../../tools/find-program.ts';

const SOURCE = fileURLToPath(new URL('go-worker/', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../../../node_modules/.cache/go-worker/go-worker', import.meta.url));

/** Why the Go worker does not run here. */
export const WITHOUT_GO =
  'Without the Go worker: there is no `go` on the PATH or in /usr/local/go/bin. Install Go 1.26.';

/**
 * Builds the worker in Go, if this machine has `go`. Returns the program's path.
 *
 * @throws what the compiler says
 */
export function buildGoWorker(): string | undefined {
  const go = findGo();
  if (go === undefined) return undefined;
  mkdirSync(join(PROGRAM, '..'), { recursive: true });
  const run = (...options: string[]): void => {
    execFileSync(go, options, { cwd: SOURCE, stdio: ['ignore', 'inherit', 'inherit'] });
  };
  run('vet', './...');
  run('build', '-buildvcs=false', '-o', PROGRAM, '.');
  return PROGRAM;
}
