import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Latencies } from '../test/support/delayed-services.ts';
import type { EmulatorRequest, EmulatorState, PutRequest, RecordedWords } from './emulator.ts';

/** The embedded servers in another process. */
export interface EmulatorProcess {
  readonly environment: Readonly<Record<string, string>>;
  put(request: PutRequest): Promise<void>;
  state(): Promise<EmulatorState>;
  /** What the workers have recorded. */
  words(): Promise<RecordedWords>;
  /** Resolves when no job is waiting or in flight. */
  drained(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the servers. Default: responses arrive at once. */
export async function startEmulatorProcess(latencies: Latencies = {}): Promise<EmulatorProcess> {
  const program = fileURLToPath(new URL('emulator.ts', import.meta.url));
  const child = fork(program, [JSON.stringify(latencies)], {
    execArgv: ['--conditions=@org/source'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`Expected an answer of the embedded servers, but their process ended with ${code}.`);
  });
  // Its end is an error only while somebody waits for an answer.
  ended.catch(() => {});
  const answer = async (): Promise<unknown> => (await Promise.race([once(child, 'message'), ended]))[0];
  const environment = (await answer()) as Readonly<Record<string, string>>;
  async function ask(request: EmulatorRequest): Promise<unknown> {
    child.send(request);
    return answer();
  }
  return {
    environment,
    put: async (request) => void (await ask(request)),
    state: async () => (await ask('state')) as EmulatorState,
    words: async () => (await ask('words')) as RecordedWords,
    drained: async () => void (await ask('drained')),
    async stop() {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}
