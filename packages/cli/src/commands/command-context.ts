import type { Terminal } from '../render/terminal.ts';

/** What a command needs from its surroundings. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Fires when the person wants to stop (Ctrl-C). */
  readonly signal: AbortSignal;
  readonly stdin: AsyncIterable<Uint8Array>;
}
