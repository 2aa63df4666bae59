import { existsSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  CONSUMER_OUTPUT,
  createConsumerProject,
  runConsumer,
  unpackInto,
} from './support/packed-consumer.ts';

const require = createRequire(import.meta.url);
const project = createConsumerProject();

beforeAll(() => {
  unpackInto(project.folder, project.tarball);
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    const target = dirname(require.resolve(`${peer}/package.json`));
    symlinkSync(target, join(project.folder, 'node_modules', peer));
  }
});

afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

describe('the packed tarball in another app', () => {
  it.each(['consumer.mjs', 'consumer.cjs'] as const)('%s synthesizes both role modes', (file) => {
    expect(runConsumer(project.folder, file)).toBe(CONSUMER_OUTPUT);
  });

  it('has the packaged Lambda and no copy of the CDK', () => {
    const installed = join(project.folder, 'node_modules/@org/wordfreq-constructs');
    expect(existsSync(join(installed, 'assets/copy-upload/index.cjs'))).toBe(true);
    expect(statSync(project.tarball).size).toBeLessThan(600_000);
  });
});
