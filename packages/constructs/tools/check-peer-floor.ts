/**
 * Runs the packed package with the oldest supported aws-cdk-lib and constructs: `npm run check-peer-floor`.
 * It downloads them, so the tests do not run it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { CONSUMER_OUTPUT, createConsumerProject, runConsumer } from '../test/support/packed-consumer.ts';

const { peerDependencies } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
) as {
  peerDependencies: Record<string, string>;
};
const floors = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range.replace('^', '')}`);
const { folder, tarball } = createConsumerProject();
try {
  execFileSync('npm', ['install', '--no-audit', '--no-fund', ...floors, tarball], {
    cwd: folder,
    stdio: 'inherit',
  });
  for (const file of ['consumer.mjs', 'consumer.cjs'] as const) {
    const output = runConsumer(folder, file);
    if (output !== CONSUMER_OUTPUT)
      throw new Error(`Expected ${CONSUMER_OUTPUT} from ${file}, got ${output}`);
    console.log(`${file} works with ${floors.join(' and ')}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
