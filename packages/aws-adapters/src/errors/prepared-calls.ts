/** How many targets are remembered: a program uses few buckets and tables. */
const MAX_TARGETS = 100;

/** Makes the calls of one kind, such as all that read objects with one client. */
export type PreparedCalls<Command, Output> = (target: string, command: Command) => Promise<Output>;

/**
 * Prepares the AWS SDK's middleware for a target (a bucket, a table) once, instead of at each call, which is
 * about a fifth of what a small call costs. Clients have an option for it, `cacheMiddleware`, but it is undone
 * by each call with options, the document client refuses it, and it uses what was prepared for one target for
 * all others. What is added to the client's middleware after the first call has no effect.
 *
 * Such a call takes no options, so it cannot be aborted: see {@link unlessAborted}.
 *
 * @param prepare returns a function that sends such commands:
 * `command.resolveMiddleware(client.middlewareStack, client.config)`
 */
export function prepareCalls<Command, Output extends object>(
  prepare: (command: Command) => (command: Command) => Promise<{ readonly output: Output }>,
): PreparedCalls<Command, Output> {
  const prepared = new Map<string, ReturnType<typeof prepare>>();
  return async (target, command) => {
    let send = prepared.get(target);
    if (send === undefined) {
      if (prepared.size === MAX_TARGETS) prepared.clear();
      send = prepare(command);
      prepared.set(target, send);
    }
    const { output } = await send(command);
    return output;
  };
}

/**
 * Waits for a call until the signal fires. The call itself goes on; what it returns then goes to `discard`.
 *
 * @throws the signal's reason
 */
export async function unlessAborted<Output>(
  signal: AbortSignal | undefined,
  call: () => Promise<Output>,
  discard: (late: Output) => void = () => undefined,
): Promise<Output> {
  if (signal === undefined) return call();
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const giveUp = (): void => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    call()
      .then((output) => (signal.aborted ? discard(output) : resolve(output)), reject)
      .finally(() => signal.removeEventListener('abort', giveUp));
  });
}
