import type { Counting, CountingSession, CountingTask } from './counting.ts';
import { summarize, WordCounting } from './summarize.ts';

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
export function createInlineCounting(ownWords: readonly string[] = []): Counting {
  const counting = new WordCounting(ownWords);
  return {
    open: (task) => openInline(task, counting),
    fingerprint: (rules) => counting.fingerprint(rules),
    close: async () => undefined,
  };
}

/** One text, counted on this thread. */
function openInline(task: CountingTask, counting: WordCounting): CountingSession {
  const counter = counting.start(task);
  return {
    push: async (chunk) => counter.push(chunk),
    finish: async () => summarize(counter, task.top),
    abandon: () => undefined,
  };
}
