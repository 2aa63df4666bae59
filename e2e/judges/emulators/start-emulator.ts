import { type Boto3, startBoto3 } from '../support/boto3.ts';
import { type EmulatorName, type Emulator as Running, startEmulator as start } from '../support/emulators.ts';

/** A running emulator, and boto3 as its client. */
export interface Emulator extends Running {
  readonly boto3: Boto3;
}

/** Starts an empty emulator. */
export async function startEmulator(name: EmulatorName): Promise<Emulator> {
  const emulator = await start(name);
  // A refusal must be reported at once.
  const boto3 = startBoto3({ ...emulator.environment, AWS_MAX_ATTEMPTS: '1' });
  return {
    ...emulator,
    boto3,
    async stop() {
      await boto3.stop();
      await emulator.stop();
    },
  };
}
