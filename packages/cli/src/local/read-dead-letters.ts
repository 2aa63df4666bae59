import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetter, DeadLetterQueue } from '@org/wordfreq-aws-adapters/ports';

/** What is in the dead-letter queue. */
export interface DeadLetterReport {
  readonly letters: readonly DeadLetter[];
  /** How many more there are: beyond the limit, or held by another reader at this moment. */
  readonly held: number;
}

/** How to read. */
export interface ReadDeadLettersOptions {
  /** Default: 100. */
  readonly limit?: number;
  /** How often to look while another reader holds some. Default: 10. */
  readonly tries?: number;
}

const PAUSE_MS = 50;

/** Reads the dead letters. The page reads them, too, and hides them from others while it does: so this tries a few times. */
export async function readDeadLetters(
  queue: DeadLetterQueue,
  { limit = 100, tries = 10 }: ReadDeadLettersOptions = {},
): Promise<DeadLetterReport> {
  for (let attempt = 1; ; attempt += 1) {
    const { visible, inFlight, delayed } = await queue.depth();
    const letters = await queue.peek(limit);
    const held = Math.max(0, visible + inFlight + delayed - letters.length);
    if (held === 0 || letters.length >= limit || attempt >= tries) return { letters, held };
    await delay(PAUSE_MS);
  }
}
