import type { CallOptions } from './object-store.ts';

/** That workers are to take no new messages. */
export interface IntakePause {
  /** When intake was paused. */
  readonly since: Date;
  /** Who asked for it, where that is known. */
  readonly by?: string;
}

/** Whether workers take new messages: one switch for all workers of a pipeline. */
export interface IntakeSwitch {
  /** The pause that holds; undefined while workers take messages. */
  read(options?: CallOptions): Promise<IntakePause | undefined>;
  /** Pauses, unless there is a pause already: the first one stays. */
  pause(pause: IntakePause, options?: CallOptions): Promise<void>;
  /** Ends the pause, if there is one. */
  resume(options?: CallOptions): Promise<void>;
}
