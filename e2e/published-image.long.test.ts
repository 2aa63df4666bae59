import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Registry, startRegistry } from './consumers/registry.ts';
import { copyForRelease } from './consumers/release-copy.ts';
import {
  baseImage,
  buildPublishedImage,
  inspectImage,
  missingForContainers,
  prepareBase,
  removeImage,
  runContainer,
} from './support/containers.ts';

const missing = missingForContainers() || (await prepareBase());

describe.skipIf(missing !== '')(`the image of the published worker${missing}`, { timeout: 600_000 }, () => {
  let folder: string;
  let registry: Registry;
  let image: string | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wordfreq-published-'));
    registry = await startRegistry(join(folder, 'registry'));
    const copy = await copyForRelease(join(folder, 'repository'), registry.publisherSettings);
    const version = await copy.version('published', { '@org/wordfreq-core': 'minor' }, 'A release.');
    await copy.publish();
    image = await buildPublishedImage(version, `@org:registry=${registry.url}\n`);
  }, 900_000);

  afterAll(async () => {
    if (image !== undefined) await removeImage(image);
    await registry?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is built from the package alone, and as large as its README says', async () => {
    const [own, base] = await Promise.all([inspectImage(image ?? ''), inspectImage(baseImage())]);
    expect(own.Config.User).toBe('1000:1000');
    const megabytes = (own.Size - base.Size) / 1_000_000;
    const readme = readFileSync(join(import.meta.dirname, '../packages/worker/README.md'), 'utf8');
    const stated = Number(/\(about (\d+) MB instead of [\d.]+ MB on top of Node\)/.exec(readme)?.[1]);
    expect(Math.abs(stated / megabytes - 1), `${megabytes} MB, stated ${stated}`).toBeLessThan(0.1);
  });

  it('starts the worker, which says what it needs', async () => {
    const container = runContainer(image ?? '', { PAGE: 'false', PORT: '8080' }, ['--network', 'none']);
    expect(await container.ended).toBe(2);
    expect(container.output()).toContain('JOBS_QUEUE_URL is missing');
  });
});
