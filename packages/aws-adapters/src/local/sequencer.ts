import type { Clock } from '../ports/index.ts';

/** Bits below the millisecond: a million events of one millisecond stay in order. */
const COUNTER_BITS = 20n;

/**
 * Creates a source of sequencers: 16 hexadecimal digits, each greater than the one before, and greater than those of
 * any earlier run because they start from the time of day.
 */
export function createSequencer(clock: Pick<Clock, 'now'>): () => string {
  let last = 0n;
  return () => {
    const now = BigInt(clock.now().getTime()) << COUNTER_BITS;
    last = now > last ? now : last + 1n;
    return last.toString(16).toUpperCase().padStart(16, '0');
  };
}
