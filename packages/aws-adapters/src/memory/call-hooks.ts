/** One call of an in-memory adapter, as a hook sees it. */
export interface MemoryCall {
  /** Port and method, such as `object-store.read` or `job-queue.delete`. */
  readonly operation: string;
  /** What it is about: a key, a message id, a job id. */
  readonly subject: string;
}

/**
 * Lets a test inject faults: the caller of the port gets whatever a hook throws. Throwing in `after` is the
 * most harmful fault in distributed systems: the call took effect, but its caller sees a failure.
 */
export interface CallHooks {
  /** Runs before a call. If it throws, the call has no effect and fails with that error. */
  before?(call: MemoryCall): void | Promise<void>;
  /** Runs after a call. If it throws, the call fails with that error although it took effect. */
  after?(call: MemoryCall): void | Promise<void>;
}

/** Runs one call between its hooks. */
export async function withHooks<T>(
  hooks: CallHooks | undefined,
  operation: string,
  subject: string,
  run: () => T | Promise<T>,
): Promise<T> {
  await hooks?.before?.({ operation, subject });
  const value = await run();
  await hooks?.after?.({ operation, subject });
  return value;
}
