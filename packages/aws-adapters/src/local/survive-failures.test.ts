import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { surviveFailures } from './survive-failures.ts';

/** A server whose database is full until it is opened again. */
async function serve(neededBytes: number) {
  let full = true;
  const [errors, reopened]: [unknown[], number[]] = [[], []];
  const server = createServer((request, response) => {
    if (!full || request.headers['x-amz-target']?.includes('Get')) return void response.end('done');
    setImmediate(() => {
      throw Object.assign(new Error('No space left on device'), { code: 'LEVEL_IO_ERROR' });
    });
  });
  const end = surviveFailures(server, {
    dataDir: tmpdir(),
    neededBytes,
    onError: (error) => errors.push(error),
    async reopen() {
      full = false;
      reopened.push(1);
    },
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(async () => {
    await end();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (operation: string): Promise<string> => {
    const headers = { 'x-amz-target': `DynamoDB_20120810.${operation}` };
    return (await fetch(url, { method: 'POST', headers })).text();
  };
  return { ask, errors, reopened };
}

describe(surviveFailures, () => {
  it('refuses writes after a failed one while there is no room, but still reads', async () => {
    const { ask, errors, reopened } = await serve(Number.MAX_SAFE_INTEGER);
    for (let write = 0; write < 3; write += 1) {
      expect(JSON.parse(await ask('PutItem'))).toEqual({
        __type: 'InternalServerError',
        message: 'No space left on device',
      });
    }
    expect(await ask('GetItem')).toBe('done');
    // Only the first came to the database.
    expect([errors.length, reopened.length]).toEqual([1, 0]);
  });

  it('takes writes again once there is room and the database was opened again', async () => {
    const { ask, reopened } = await serve(1);
    expect(await ask('PutItem')).toContain('No space left');
    await expect.poll(() => ask('PutItem')).toBe('done');
    expect(reopened).toHaveLength(1);
  });
});
