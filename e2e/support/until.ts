import { setTimeout as delay } from 'node:timers/promises';

/** Waits until a condition holds; says which one did not, when patience (default: 150,000 ms) ends. */
export async function until(
  what: string,
  holds: () => Promise<boolean>,
  patienceMs = 150_000,
  pauseMs = 100,
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await delay(pauseMs);
  }
}
