import type { Counting, CountingSession } from './counting.ts';
import { CountingThread } from './counting-thread-handle.ts';
import { createInlineCounting } from './inline-counting.ts';

/** How to count off the main thread. */
interface CountingPoolOptions {
  /** How many threads; 0 counts on the calling thread. Default: 1. */
  readonly threads?: number;
  /**
   * A text of at most this many bytes is counted on the calling thread: sending it takes longer. Default:
   * 65,536.
   */
  readonly inlineBytes?: number;
  /** Words that join the dictionaries of languages without spaces. Default: none. */
  readonly ownWords?: readonly string[];
}

/**
 * Counts texts on separate threads, so that the main thread extends leases, answers health checks and handles
 * signals however large or unusual a text is. When a thread dies, the texts that it was counting fail, and
 * the thread is replaced.
 *
 * @example
 * const counting = createCountingPool({ threads: 2 });
 * const session = counting.open({ tokenizer: 'unicode', top: 10 });
 * for await (const chunk of bytes) await session.push(chunk);
 * const { words, totals } = await session.finish();
 * await counting.close();
 */
export function createCountingPool(options: CountingPoolOptions = {}): Counting {
  const { threads: size = 1, inlineBytes = 65_536, ownWords = [] } = options;
  const inline = createInlineCounting(ownWords);
  if (size === 0) return inline;
  const threads: CountingThread[] = [];
  let closed = false;

  function leastBusy(): CountingThread {
    if (closed) throw new Error('the counting pool is closed');
    const alive = threads.filter((thread) => thread.alive);
    threads.splice(0, threads.length, ...alive);
    const idle = threads.find((thread) => thread.texts === 0);
    if (idle !== undefined) return idle;
    if (threads.length < size) {
      const started = new CountingThread({ ownWords });
      threads.push(started);
      return started;
    }
    return threads.reduce((least, thread) => (thread.texts < least.texts ? thread : least));
  }

  return {
    open: (task) =>
      openLazily(
        inlineBytes,
        () => inline.open(task),
        () => leastBusy().open(task),
      ),
    fingerprint: inline.fingerprint,
    async close() {
      closed = true;
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

/** Keeps the beginning of a text until it is known whether the whole is small. */
function openLazily(
  inlineBytes: number,
  openInline: () => CountingSession,
  openOnThread: () => CountingSession,
): CountingSession {
  let beginning: Uint8Array[] = [];
  let bytes = 0;
  let remote: CountingSession | undefined;

  return {
    async push(chunk) {
      bytes += chunk.length;
      if (remote === undefined && bytes <= inlineBytes) {
        beginning.push(new Uint8Array(chunk));
        return;
      }
      if (remote === undefined) {
        remote = openOnThread();
        for (const kept of beginning) await remote.push(kept);
        beginning = [];
      }
      await remote.push(chunk);
    },
    async finish() {
      if (remote !== undefined) return remote.finish();
      const session = openInline();
      for (const kept of beginning) await session.push(kept);
      return session.finish();
    },
    abandon() {
      beginning = [];
      remote?.abandon();
    },
  };
}
