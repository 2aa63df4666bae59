import { Presets, SingleBar } from 'cli-progress';
import { formatBytes } from './format-number.ts';
import type { Terminal } from './terminal.ts';

/** Shows how many bytes have gone. */
export interface TransferProgress {
  add(bytes: number): void;
  finish(): void;
}

/** A bar with rate and time left on a screen; nothing where output is read by a program. */
export function startTransferProgress(
  title: string,
  totalBytes: number,
  terminal: Pick<Terminal, 'interactive'>,
): TransferProgress {
  if (!terminal.interactive) return { add: () => undefined, finish: () => undefined };
  const startedMs = performance.now();
  let bytes = 0;
  const bar = new SingleBar(
    {
      format: `${title} {bar} {percentage}%  {sent}  {rate}  {eta_formatted} left`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      stopOnComplete: false,
      etaBuffer: 50,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  const facts = (): Record<string, string> => {
    const seconds = Math.max(0.001, (performance.now() - startedMs) / 1000);
    return {
      sent: `${formatBytes(bytes)} of ${formatBytes(totalBytes)}`,
      rate: `${formatBytes(bytes / seconds)}/s`,
    };
  };
  bar.start(Math.max(1, totalBytes), 0, facts());
  return {
    add(count) {
      bytes += count;
      bar.update(Math.min(bytes, totalBytes), facts());
    },
    finish: () => bar.stop(),
  };
}
