/**
 * The emulators of AWS that others have written, each on a free port of this machine, in a folder of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { freePort } from '../../../packages/worker/test/support/free-port.ts';
import { until } from '../../support/until.ts';
import { judgesProgram } from './python.ts';

export const EMULATORS = ['moto', 'ministack'] as const;
export type EmulatorName = (typeof EMULATORS)[number];

/** A running emulator. */
export interface Emulator {
  readonly name: EmulatorName;
  readonly endpoint: string;
  /** What a program needs to use it as AWS. */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything that it has written so far. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts an empty emulator, and waits until it responds. */
export async function startEmulator(name: EmulatorName): Promise<Emulator> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const child = launch(name, port, folder);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text));
  const endpoint = `http://127.0.0.1:${port}`;
  await until(`${name} answers`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: ${output}`);
    return fetch(endpoint).then(
      () => true,
      () => false,
    );
  });
  return {
    name,
    endpoint,
    log: () => output,
    environment: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      S3_FORCE_PATH_STYLE: 'true',
    },
    async stop() {
      const ended = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function launch(name: EmulatorName, port: string, folder: string): ChildProcess {
  const [program, args, environment] =
    name === 'moto'
      ? (['moto_server', ['-H', '127.0.0.1', '-p', port], {}] as const)
      : ([
          'ministack',
          [],
          {
            GATEWAY_PORT: port,
            BIND_HOST: '127.0.0.1',
            MINISTACK_HOST: '127.0.0.1',
            // It would take a fixed port.
            IOT_MTLS_ENABLED: 'false',
          },
        ] as const);
  // Functions run on the Node that runs the tests.
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter);
  return spawn(judgesProgram(program), args, {
    cwd: folder,
    env: { ...process.env, ...environment, PATH, HOME: folder, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
