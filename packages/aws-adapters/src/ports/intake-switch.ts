import type { CallOptions } from './object-store.ts';

/** A pause, during which workers receive no new messages. */
export interface IntakePause {
  /** When intake was paused. */
  readonly since: Date;
  /** Who paused intake, if that is known. */
  readonly by?: string;
}

/** Whether workers take new messages: one switch for all workers of a pipeline. */
export interface IntakeSwitch {
  /** Returns the current pause; undefined while workers receive messages. */
  read(options?: CallOptions): Promise<IntakePause | undefined>;
  /** Pauses intake, unless it is already paused: the first pause is kept. */
  pause(pause: IntakePause, options?: CallOptions): Promise<void>;
  /** Ends the pause, if there is one. */
  resume(options?: CallOptions): Promise<void>;
}
