import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { EmulatorState, PutRequest } from './emulator.ts';

/** The embedded servers in another process. */
export interface EmulatorProcess {
  readonly environment: Readonly<Record<string, string>>;
  put(request: PutRequest): Promise<void>;
  state(): Promise<EmulatorState>;
  stop(): Promise<void>;
}

/** Starts the servers. */
export async function startEmulatorProcess(): Promise<EmulatorProcess> {
  const child = fork(fileURLToPath(new URL('emulator.ts', import.meta.url)), {
    execArgv: ['--conditions=@org/source'],
  });
  const environment = (await answerOf(child)) as Readonly<Record<string, string>>;
  async function ask(request: PutRequest | 'state'): Promise<unknown> {
    child.send(request);
    return answerOf(child);
  }
  return {
    environment,
    put: async (request) => void (await ask(request)),
    state: async () => (await ask('state')) as EmulatorState,
    async stop() {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

async function answerOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected an answer of the embedded servers, but their process ended with ${code}.`);
  });
  return (await Promise.race([once(child, 'message'), ended]))[0];
}
