import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import { fitText } from './fit-text.ts';
import type { Terminal } from './terminal.ts';

/** A line that is written over again and again, for work whose end nobody knows. */
export interface StatusLine {
  show(text: string): void;
  /** Takes the line away, before other lines are written. */
  clear(): void;
}

/** Eyes see no more. */
const EVERY_MS = 100;
const CLEAR = '\r\u001b[2K';

/** Makes a status line on standard error; nothing is written where output is read by a program. */
export function statusLine(
  terminal: Pick<Terminal, 'watched' | 'columns'>,
  clock: Pick<Clock, 'monotonicMs'>,
  output: Pick<NodeJS.WriteStream, 'write'> = process.stderr,
): StatusLine {
  if (!terminal.watched) return { show: () => undefined, clear: () => undefined };
  let shownMs = -Infinity;
  let isShown = false;
  return {
    show(text) {
      const nowMs = clock.monotonicMs();
      if (nowMs - shownMs < EVERY_MS) return;
      shownMs = nowMs;
      isShown = true;
      output.write(CLEAR + fitText(text, terminal.columns - 1));
    },
    clear() {
      if (isShown) output.write(CLEAR);
      isShown = false;
      shownMs = -Infinity;
    },
  };
}
