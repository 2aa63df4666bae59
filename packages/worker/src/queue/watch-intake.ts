import type { Clock, IntakeSwitch } from '@org/wordfreq-aws-adapters/ports';

/** What {@link watchIntake} needs. */
interface WatchIntakeOptions {
  readonly intake: Pick<IntakeSwitch, 'read'>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  /** Called when a pause begins and ends. */
  readonly onChange: (paused: boolean) => void;
  /** Calls its listener when the switch may have been changed, which ends the wait. Default: never. */
  readonly onHint?: (listener: () => void) => void;
  /** Called when the switch cannot be read; until it can, what was read last applies. */
  readonly onProblem: (error: unknown) => void;
}

/** A pause takes effect within this time in every worker, and at once in one that gets a hint. */
const EVERY_MS = 5000;

/** Whether intake is paused, as far as this worker knows. */
export interface IntakeWatch {
  readonly paused: boolean;
}

/**
 * Asks every few seconds whether intake is paused. Until the first answer it is not: a worker whose table
 * cannot be reached is stopped by its circuit breaker.
 */
export function watchIntake({
  intake,
  clock,
  signal,
  onChange,
  onHint,
  onProblem,
}: WatchIntakeOptions): IntakeWatch {
  const state = { paused: false };
  let hint = new AbortController();
  onHint?.(() => hint.abort());

  async function ask(): Promise<void> {
    const paused = (await intake.read({ signal })) !== undefined;
    if (paused === state.paused) return;
    state.paused = paused;
    onChange(paused);
  }

  async function watch(): Promise<void> {
    while (!signal.aborted) {
      // A hint that comes while the switch is read may be about a later change, so it leads to another read.
      hint = new AbortController();
      await ask().catch((error: unknown) => {
        if (!signal.aborted) onProblem(error);
      });
      await clock.sleep(EVERY_MS, AbortSignal.any([signal, hint.signal]));
    }
  }

  void watch();
  return state;
}
