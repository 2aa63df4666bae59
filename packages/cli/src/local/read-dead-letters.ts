import { setTimeout as delay } from 'node:timers/promises';
import type { DeadLetter, DeadLetterQueue } from '@org/wordfreq-aws-adapters/ports';

/** What is in the dead-letter queue. */
export interface DeadLetterReport {
  readonly letters: readonly DeadLetter[];
  /** How many more there are that another reader holds at this moment. */
  readonly held: number;
}

const MAX_LETTERS = 100;
const TRIES = 10;
const PAUSE_MS = 50;

/** Reads the dead letters. The page reads them, too, and hides them from others while it does: so this tries a few times. */
export async function readDeadLetters(queue: DeadLetterQueue): Promise<DeadLetterReport> {
  for (let attempt = 1; ; attempt += 1) {
    const { visible, inFlight, delayed } = await queue.depth();
    const letters = await queue.peek(MAX_LETTERS);
    const held = Math.max(0, visible + inFlight + delayed - letters.length);
    if (held === 0 || letters.length >= MAX_LETTERS || attempt === TRIES) return { letters, held };
    await delay(PAUSE_MS);
  }
}
