import { Presets, SingleBar } from 'cli-progress';
import type { Terminal } from './terminal.ts';

/** Shows how far long work has come. */
export interface Progress {
  /** Says that one more unit is done. */
  advance(label: string): void;
  finish(): void;
}

/** A bar on a screen; one line per unit where output is read by a program. */
export function startProgress(title: string, total: number, terminal: Terminal): Progress {
  if (!terminal.interactive) {
    let done = 0;
    return {
      advance(label) {
        done += 1;
        terminal.note(`${title} ${done}/${total}  ${label}`);
      },
      finish: () => undefined,
    };
  }
  const bar = new SingleBar(
    {
      format: `${title} {bar} {value}/{total}  {label}`,
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { label: '' });
  return {
    advance: (label) => bar.increment(1, { label }),
    finish: () => bar.stop(),
  };
}
