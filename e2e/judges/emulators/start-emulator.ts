import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { until } from '../../support/until.ts';
import { type Boto3, startBoto3 } from '../support/boto3.ts';
import { judgesProgram } from '../support/python.ts';

/** The independent implementations of AWS that judge us. */
export const EMULATORS = ['moto', 'ministack'] as const;
export type EmulatorName = (typeof EMULATORS)[number];

/** A running emulator. */
export interface Emulator {
  readonly name: EmulatorName;
  readonly endpoint: string;
  /** What a program needs to use it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly boto3: Boto3;
  /** Everything that it has logged. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts an emulator on a free port of the loopback interface, in a folder of its own. */
export async function startEmulator(name: EmulatorName): Promise<Emulator> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  const endpoint = `http://127.0.0.1:${port}`;
  const [program, args, settings] = commandOf(name, port);
  const child = spawn(judgesProgram(program), args, {
    cwd: folder,
    // Functions run on the Node that runs the tests.
    env: {
      PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter),
      TMPDIR: folder,
      HOME: folder,
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
  }
  await until(`${name} is up`, async () => {
    if (child.exitCode !== null) throw new Error(`${name} ended at its start:\n${log}`);
    return fetch(endpoint).then(
      () => true,
      () => false,
    );
  });
  const environment = {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  const boto3 = startBoto3({ ...environment, AWS_MAX_ATTEMPTS: '1' });
  return {
    name,
    endpoint,
    environment,
    boto3,
    log: () => log,
    async stop() {
      await boto3.stop();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const kill = setTimeout(() => child.kill('SIGKILL'), 5000);
      if (child.exitCode === null && child.signalCode === null) await exited;
      clearTimeout(kill);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function commandOf(name: EmulatorName, port: number): [string, string[], Record<string, string>] {
  if (name === 'moto') return ['moto_server', ['-H', '127.0.0.1', '-p', String(port)], {}];
  return [
    'ministack',
    [],
    {
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      // It would take a fixed port.
      IOT_MTLS_ENABLED: 'false',
    },
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
