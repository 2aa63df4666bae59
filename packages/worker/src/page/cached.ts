import type { Clock } from '@org/wordfreq-aws-adapters/ports';

/**
 * Makes many callers share one call: while it runs, and for `keepMs` after it began, all get the same answer. So the store is read
 * at the same pace however many people watch. A failure is not kept.
 */
export function cached<T>(
  load: () => Promise<T>,
  keepMs: number,
  clock: Pick<Clock, 'monotonicMs'>,
): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let loadedAt = 0;
  return () => {
    if (answer === undefined || clock.monotonicMs() - loadedAt >= keepMs) {
      loadedAt = clock.monotonicMs();
      const loading = load();
      answer = loading;
      loading.catch(() => {
        if (answer === loading) answer = undefined;
      });
    }
    return answer;
  };
}
