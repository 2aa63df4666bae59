import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EmbeddedPipeline,
  startEmbeddedPipeline,
} from '../packages/worker/test/support/embedded-pipeline.ts';
import { freePort } from '../packages/worker/test/support/free-port.ts';
import {
  baseImage,
  buildWorkerImage,
  type Container,
  inspectImage,
  missingForContainers,
  prepareBase,
  removeImage,
  runContainer,
} from './support/containers.ts';
import { until } from './support/until.ts';

// Debian's packages are fetched at the first time.
const missing = missingForContainers() || (await prepareBase());
const BUILD_TIMEOUT = 300_000;

let image: string;
let pipeline: EmbeddedPipeline;

/** Waits for what a container is to do, and no longer than it runs. */
async function untilIn(container: Container, what: string, holds: () => Promise<boolean>): Promise<void> {
  const tooEarly = container.ended.then((code) => {
    throw new Error(`it ended with ${code} before ${what}`);
  });
  try {
    await Promise.race([until(what, holds), tooEarly]);
  } catch (error) {
    throw new Error(`${(error as Error).message}; the container wrote:\n${container.output()}`, {
      cause: error,
    });
  }
}

/** What the image's own health check says, from inside. */
async function healthOf(container: Container): Promise<boolean> {
  const [kind, ...command] = (await inspectImage(image)).Healthcheck.Test;
  expect(kind).toBe('CMD');
  return container.exec(...command).then(
    () => true,
    () => false,
  );
}

describe('the Dockerfile', () => {
  it('names the Node that the repository works with, exactly', () => {
    const { devDependencies } = JSON.parse(
      readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
    ) as { devDependencies: Record<string, string> };
    expect(baseImage()).toBe(`docker.io/library/node:${devDependencies['node']}-bookworm-slim`);
  });
});

describe.skipIf(missing !== '')(`the worker's image${missing}`, () => {
  beforeAll(async () => {
    image = await buildWorkerImage();
    pipeline = await startEmbeddedPipeline();
  }, BUILD_TIMEOUT);
  afterAll(async () => {
    await pipeline?.stop();
    if (image !== undefined) await removeImage(image);
  });

  it('starts the worker itself, as a user who is not root, and says where it listens', async () => {
    const { Config: config } = await inspectImage(image);
    expect(config.Entrypoint).toEqual(['node', '--max-semi-space-size=4', 'main.js']);
    expect(config.User).toBe('1000:1000');
    expect(Object.keys(config.ExposedPorts)).toEqual(['80/tcp']);
    expect(config.Env).toEqual(expect.arrayContaining(['PORT=80', 'HOST=0.0.0.0', 'PAGE=true']));
  });

  it('adds less than 5.5 MB to its base, and no program but the worker', async () => {
    const [own, base] = await Promise.all([inspectImage(image), inspectImage(baseImage())]);
    expect(own.Size - base.Size).toBeLessThan(5_500_000);
    const container = runContainer(image, {}, ['--network', 'none', '--entrypoint', '["sleep","60"]']);
    await untilIn(container, 'the container runs', () =>
      container.exec('node', '-v').then(Boolean, () => false),
    );
    const script = `const { readdirSync, accessSync, constants } = require('node:fs');
      const files = readdirSync('/app', { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
      const writable = files.filter((file) => { try { accessSync(file.parentPath + '/' + file.name, constants.W_OK); return true; } catch { return false; } });
      const programs = files.filter((file) => /\\.(sh|py)$|^(?!.*\\.)/.test(file.name)).map((file) => file.name);
      console.log(JSON.stringify({ top: readdirSync('/app').sort(), writable: writable.length, programs }));`;
    expect(JSON.parse(await container.exec('node', '-e', script))).toEqual({
      top: ['LICENSES.txt', 'assets', 'counting-thread.js', 'main.js', 'node_modules', 'package.json'],
      writable: 0,
      programs: ['LICENSE'],
    });
    await container.stop(0);
    await container.ended;
  });

  it('counts, is healthy, shows the page, and on SIGTERM finishes what it has in hand and ends with 0', async () => {
    await pipeline.put('a b+c.txt', 'to be or not to be');
    const PORT = await freePort();
    const environment = {
      ...pipeline.environment,
      PORT,
      STOP_TIMEOUT_SECONDS: '20',
      VISIBILITY_SECONDS: '5',
    };
    const container = runContainer(image, environment, ['--network', 'host']);
    await untilIn(
      container,
      'the first file is counted',
      async () => (await pipeline.records()).length === 1,
    );
    expect(await healthOf(container)).toBe(true);
    const page = await fetch(`http://127.0.0.1:${PORT}/`);
    expect([page.status, await page.text()]).toEqual([
      200,
      expect.stringContaining('<title>wordfreq</title>'),
    ]);
    const files = await (await fetch(`http://127.0.0.1:${PORT}/api/files`)).json();
    expect(files).toMatchObject({ files: [{ key: 'a b+c.txt' }], total: 1 });

    // Enough work to be in the middle of it when the signal comes.
    const many = Array.from({ length: 12 }, (_, index) => `large ${index}.txt`);
    for (const key of many) await pipeline.put(key, 'lorem ipsum '.repeat(500_000));
    await untilIn(container, 'work is in hand', async () => (await pipeline.records()).length > 1);
    await container.stop(30);
    expect(await container.ended, container.output()).toBe(0);
    expect(container.output()).toContain('"msg":"worker stopped"');
    // What it had begun has its record; what it had not is in the queue for the next worker. In flight is
    // what the embedded queue hands to a receive whose worker has gone, as SQS may; it comes back.
    const done = (await pipeline.records()).map(({ object, outcome }) => [object.key, outcome]);
    expect(done.every(([, outcome]) => outcome === 'counted')).toBe(true);
    const { visible, inFlight } = await pipeline.depth();
    expect(done.length - 1 + visible + inFlight).toBe(many.length);
  });

  it('without settings shows on port 80 what is missing, is not healthy, and ends with 2', async () => {
    // As Docker has it: every user may listen on port 80.
    const flags = ['--network', 'none', '--sysctl', 'net.ipv4.ip_unprivileged_port_start=0'];
    const container = runContainer(image, {}, flags);
    const script = "fetch('http://127.0.0.1').then(async (r) => console.log(r.status, await r.text()))";
    let page = '';
    await untilIn(container, 'the page answers', async () => {
      page = await container.exec('node', '-e', script).catch(() => '');
      return page !== '';
    });
    expect(page).toMatch(/^503 /);
    expect(page).toContain('<li>JOBS_QUEUE_URL is missing, such as');
    expect(await healthOf(container)).toBe(false);
    await container.stop(10);
    expect(await container.ended).toBe(2);
    expect(container.output()).toContain('wordfreq-worker: The environment is not complete:');
  });

  it('says in a sentence that it may not listen on port 80, where that is so', async () => {
    const flags = ['--network', 'none', '--sysctl', 'net.ipv4.ip_unprivileged_port_start=1024'];
    const container = runContainer(image, pipeline.environment, flags);
    expect(await container.ended).toBe(2);
    expect(container.output()).toContain('ports below 1024 need more rights');
  });
});
