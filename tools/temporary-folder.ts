import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string | undefined;

/**
 * Run by vitest before the tests: gives them, and all programs that they start, a folder for temporary files,
 * which is removed after the last test. Much is left there by libraries, such as a `cdk.out` of each CDK app.
 */
export function setup(): void {
  // Each project of a run calls this; one folder is enough.
  if (process.env['WORDFREQ_TEST_FOLDER'] !== undefined) return;
  folder = mkdtempSync(join(tmpdir(), 'wordfreq-tests-'));
  // Some tests start programs as another user, who must be able to go through.
  chmodSync(folder, 0o711);
  process.env['WORDFREQ_TEST_FOLDER'] = folder;
  process.env['TMPDIR'] = folder;
  // Tests start the same programs from the same sources again and again. With a cache of compiled code, coverage
  // would be less exact.
  if (!process.argv.includes('--coverage'))
    process.env['NODE_COMPILE_CACHE'] ??= join(folder, 'compiled-code');
}

/** Run by vitest after the tests. */
export function teardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
