import type { Counting, CountingSession, CountingTask } from './counting.ts';
import { startCounter, summarize } from './summarize.ts';

/**
 * Counts on the calling thread: for small texts and for tests. It blocks that thread while it counts a chunk,
 * and while it ranks a large vocabulary.
 *
 * @example
 * const counting = createInlineCounting();
 * const session = counting.open({ tokenizer: 'unicode', top: 10 });
 * await session.push(new TextEncoder().encode('to be or not to be'));
 * const { words } = await session.finish();
 */
export function createInlineCounting(): Counting {
  return { open: openInline, close: async () => undefined };
}

/** One text, counted on this thread. */
export function openInline(task: CountingTask): CountingSession {
  const counter = startCounter(task);
  return {
    push: async (chunk) => counter.push(chunk),
    finish: async () => summarize(counter, task.top),
    abandon: () => undefined,
  };
}
