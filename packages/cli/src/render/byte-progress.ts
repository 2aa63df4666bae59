import { formatBytes } from './format-number.ts';
import type { Terminal } from './terminal.ts';

/** Shows how much of a long read is done. */
export interface ByteProgress {
  /** Says that so many bytes more are done. */
  add(bytes: number): void;
  /** Takes it off the screen. */
  stop(): void;
}

/** Work that is done sooner shows nothing. */
const PATIENCE_MS = 500;

/**
 * A bar with rate and time left on standard error, only where a person looks at the screen; bytes and rate alone where the total is not
 * known, as from a pipe.
 */
export function startByteProgress(
  total: number | undefined,
  terminal: Terminal,
  now: () => number = () => performance.now(),
): ByteProgress {
  if (!terminal.watched) return { add: () => undefined, stop: () => undefined };
  const started = now();
  let done = 0;
  let isStopped = false;
  let bar: Bar | undefined;
  let isOpening = false;
  return {
    add(bytes) {
      done += bytes;
      const elapsed = now() - started;
      if (elapsed < PATIENCE_MS) return;
      if (!isOpening) {
        isOpening = true;
        void openBar(total).then((opened) => {
          if (isStopped) opened.stop();
          else bar = opened;
        });
      }
      bar?.update(done, { done: formatBytes(done), rate: `${formatBytes(done / (elapsed / 1000))}/s` });
    },
    stop() {
      isStopped = true;
      bar?.stop();
    },
  };
}

interface Bar {
  update(done: number, payload: object): void;
  stop(): void;
}

async function openBar(total: number | undefined): Promise<Bar> {
  const { default: progress } = await import('cli-progress');
  const format = total === undefined ? '{done}  {rate}' : '{bar} {percentage}%  {rate}  {eta_formatted} left';
  const bar = new progress.SingleBar(
    {
      format,
      barsize: 30,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      etaBuffer: 100,
      stream: process.stderr,
    },
    progress.Presets.shades_classic,
  );
  bar.start(total ?? 1, 0, { done: '', rate: '' });
  return bar;
}
