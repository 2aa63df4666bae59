import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { memoryTerminal } from '../../test/support/memory-terminal.ts';
import { runWordfreq } from '../../test/support/run-wordfreq.ts';
import { type LocalOptions, runLocal } from './local.ts';

const NO_WORKERS: LocalOptions = {
  exit: false,
  port: 0,
  awsPort: 0,
  dynamodbPort: 0,
  workers: 0,
  verbose: false,
  inPlace: false,
  json: false,
};

describe('wordfreq local --workers 0', () => {
  it('says that no worker runs, and how to start one', async () => {
    const [terminal, stop] = [memoryTerminal(), new AbortController()];
    const ended = runLocal(NO_WORKERS, { terminal, signal: stop.signal });
    await expect
      .poll(() => terminal.notes)
      .toContain('No worker runs (--workers 0). Start one in another terminal: wordfreq worker');
    stop.abort();
    expect(await ended).toBe(0);
  });

  it('is refused with --exit, which would wait forever', async () => {
    const { signal } = new AbortController();
    const refused = runLocal({ ...NO_WORKERS, exit: true }, { terminal: memoryTerminal(), signal });
    await expect(refused).rejects.toMatchObject({ code: 'no-workers', exitCode: 2 });
  });
});

describe('wordfreq local with a port that is in use', () => {
  it.each([
    ['awsPort', '--aws-port'],
    ['dynamodbPort', '--dynamodb-port'],
    ['port', '--port'],
  ])('names the option of %s', async (name, flag) => {
    const server = createServer();
    onTestFinished(() => void server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const options = { ...NO_WORKERS, [name]: port };
    const { signal } = new AbortController();
    await expect(runLocal(options, { terminal: memoryTerminal(), signal })).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(`port ${port} is taken`),
      hint: expect.stringContaining(`: ${flag} 0 picks a free one.`),
    });
  });
});

describe('wordfreq local --detach', () => {
  it('leaves nothing behind when its pipeline is stopped', async () => {
    const ports = ['--port', '0', '--aws-port', '0', '--dynamodb-port', '0', '--workers', '0'];
    const { exitCode, stdout } = await runWordfreq(['local', '--detach', '--json', ...ports]);
    const { pid, log, readyFile } = JSON.parse(stdout);
    expect(exitCode).toBe(0);
    onTestFinished(() => {
      if (existsSync(log)) process.kill(pid, 'SIGKILL');
    });
    expect([existsSync(readyFile), readFileSync(log, 'utf8')]).toEqual([
      true,
      expect.stringContaining('"up"'),
    ]);
    process.kill(pid, 'SIGTERM');
    await expect.poll(() => existsSync(dirname(log))).toBe(false);
  });
});
