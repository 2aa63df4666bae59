/** From this size on, counting a text takes longer than waiting for its requests, and few connections carry enough. */
export const LARGE_BYTES = 4_000_000;
/** Enough to keep the processors busy while others wait for their stores. */
const AT_ONCE = 4;

/**
 * Lets a few large texts be counted at once, and any number of small ones. More large texts at once would only
 * share the same processors, and each holds its different words in memory.
 *
 * @example
 * const done = await turns.wait(sizeBytes, signal);
 * try {
 *   await count();
 * } finally {
 *   done();
 * }
 */
export class LargeTextTurns {
  #counting = 0;
  readonly #waiting = new Set<() => void>();

  /**
   * Waits for the turn of a text, if it is large. Returns a function that ends the turn.
   *
   * @throws the signal's reason when it fires
   */
  async wait(sizeBytes: number | undefined, signal: AbortSignal): Promise<() => void> {
    if (sizeBytes === undefined || sizeBytes < LARGE_BYTES) return () => undefined;
    while (this.#counting >= AT_ONCE) await this.#oneEnded(signal);
    if (signal.aborted) {
      // It may have been woken for a turn that it does not take.
      this.#wakeNext();
      throw signal.reason;
    }
    this.#counting += 1;
    return () => {
      this.#counting -= 1;
      this.#wakeNext();
    };
  }

  #wakeNext(): void {
    const [next] = this.#waiting;
    next?.();
  }

  #oneEnded(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        end();
        resolve();
      };
      const giveUp = (): void => {
        end();
        reject(signal.reason);
      };
      const end = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', giveUp);
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', giveUp);
      if (signal.aborted) giveUp();
    });
  }
}
