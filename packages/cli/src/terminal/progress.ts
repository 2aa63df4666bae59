import type { Clock } from '@org/wordfreq-aws-adapters/ports';
import { escapeText } from '@org/wordfreq-aws-adapters/rules';
import { fitText, formatBytes } from './format.ts';
import type { Terminal } from './terminal.ts';

/** Shows how much of a long read is done. */
interface ByteProgress {
  /** Adds bytes that are done. */
  add(bytes: number): void;
  /** Takes the bar off the screen. */
  stop(): void;
}

/** Work that is done sooner shows nothing. */
const SHOW_AFTER_MS = 500;

/**
 * A bar with rate and time left on standard error, only where a person looks at the screen; bytes and rate
 * alone where the total is not known, as from a pipe.
 */
export function startByteProgress(
  total: number | undefined,
  terminal: Terminal,
  now: () => number = () => performance.now(),
): ByteProgress {
  if (!terminal.watched) return { add: () => undefined, stop: () => undefined };
  const format = total === undefined ? '{done}  {rate}' : '{bar} {percentage}%  {rate}  {eta_formatted} left';
  const started = now();
  let done = 0;
  let bar: Bar | undefined;
  return {
    add(bytes) {
      done += bytes;
      const elapsed = now() - started;
      if (elapsed < SHOW_AFTER_MS) return;
      bar ??= openBar(format, total ?? 1);
      bar.update(done, { done: formatBytes(done), rate: `${formatBytes(done / (elapsed / 1000))}/s` });
    },
    stop: () => bar?.stop(),
  };
}

/** Shows how far long work has come. */
export interface Progress {
  /** Notes that one more unit is done. */
  advance(label: string): void;
  finish(): void;
}

/** A bar on a screen; one line per unit where output is read by a program. */
export function startProgress(title: string, total: number, terminal: Terminal): Progress {
  let done = 0;
  const bar = terminal.redraws ? openBar(`${title} {bar} {value}/{total}  {label}`, total) : undefined;
  bar?.update(0, { label: '' });
  return {
    advance(label) {
      done += 1;
      if (bar === undefined) terminal.note(`${title} ${done}/${total}  ${label}`);
      else bar.update(done, { label: escapeText(label) });
    },
    finish: () => bar?.stop(),
  };
}

interface Bar {
  update(done: number, payload: object): void;
  stop(): void;
}

/** Opens a bar as soon as its library is loaded, which most runs do without. */
function openBar(format: string, total: number): Bar {
  let bar: Bar | undefined;
  let last: Parameters<Bar['update']> | undefined;
  let isStopped = false;
  const open = async (): Promise<void> => {
    const { Presets, SingleBar } = (await import('cli-progress')).default;
    if (isStopped) return;
    const opened = new SingleBar(
      {
        format,
        barsize: 30,
        hideCursor: true,
        clearOnComplete: true,
        stopOnComplete: false,
        etaBuffer: 100,
        stream: process.stderr,
      },
      Presets.shades_classic,
    );
    opened.start(total, 0, { done: '', rate: '', label: '' });
    if (last !== undefined) opened.update(...last);
    bar = opened;
  };
  void open();
  return {
    update(...to) {
      last = to;
      bar?.update(...to);
    },
    stop() {
      isStopped = true;
      bar?.stop();
    },
  };
}

/** A line that is written over again and again, for work whose end nobody knows. */
interface StatusLine {
  show(text: string): void;
  /** Takes the line away, before other lines are written. */
  clear(): void;
}

/** Nobody sees more. */
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
      output.write(CLEAR + fitText(escapeText(text), terminal.columns - 1));
    },
    clear() {
      if (isShown) output.write(CLEAR);
      isShown = false;
      shownMs = -Infinity;
    },
  };
}
