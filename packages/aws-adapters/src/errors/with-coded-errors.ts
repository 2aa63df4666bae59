import { type FailedCall, toAdapterError } from './to-adapter-error.ts';

/** The options that an AWS SDK client's `send` takes, as far as adapters use them. */
export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/**
 * Runs one call of a client, hands the caller's signal to it, and turns whatever it throws into an `AdapterError`.
 *
 * @example
 * await withCodedErrors({ operation: `delete message ${id}`, signal }, (options) => client.send(command, options));
 */
export async function withCodedErrors<T>(
  call: FailedCall,
  run: (options: SendOptions) => Promise<T>,
): Promise<T> {
  try {
    return await run(sendOptions(call.signal));
  } catch (error) {
    throw toAdapterError(error, call);
  }
}

/** An absent signal must be left out, not passed as `undefined`. */
export function sendOptions(signal: AbortSignal | undefined): SendOptions {
  return signal === undefined ? {} : { abortSignal: signal };
}
