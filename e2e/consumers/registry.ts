import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';

/** An npm registry on loopback, empty at first. */
export interface Registry {
  readonly url: string;
  /** The `.npmrc` for publishing. */
  readonly publisherSettings: string;
  /**
   * The `.npmrc` for installing: the `@org` scope comes from this registry, everything else from npm's usual
   * one.
   */
  readonly consumerSettings: string;
  stop(): Promise<void>;
}

/** Creates a user as `npm adduser` does, and returns the token. */
async function addUser(url: string): Promise<string> {
  const response = await fetch(new URL('-/user/org.couchdb.user:publisher', url), {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'publisher', password: 'only-on-loopback' }),
  });
  const { token } = (await response.json()) as { token?: string };
  if (token === undefined)
    throw new Error(`Expected a token from the registry, got status ${response.status}`);
  return token;
}

/**
 * Starts verdaccio with its storage in a folder. It has no uplink, so it serves only what was published to
 * it.
 */
export async function startRegistry(folder: string): Promise<Registry> {
  const app = await runServer({
    self_path: folder,
    configPath: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd') } },
    uplinks: {},
    packages: { '@org/*': { access: '$all', publish: '$authenticated', unpublish: '$authenticated' } },
    web: { enable: false },
    max_body_size: '50mb',
    log: { type: 'stdout', format: 'json', level: 'fatal' },
  } as never);
  const server: Server = await new Promise((started) => {
    const listening = app.listen(0, '127.0.0.1', () => started(listening));
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `http://${host}/`;
  const token = await addUser(url);
  return {
    url,
    publisherSettings: `registry=${url}\n@org:registry=${url}\n//${host}/:_authToken=${token}\n`,
    consumerSettings: `@org:registry=${url}\nprefer-offline=true\naudit=false\nfund=false\nupdate-notifier=false\n`,
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
}
