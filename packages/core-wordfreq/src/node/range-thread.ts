import { Worker } from 'node:worker_threads';
import type { TableEntries } from '../count/word-table.ts';
import { WordTable } from '../count/word-table.ts';
import type { DictionaryTable } from '../dictionary/word-dictionary.ts';
import { WordfreqError, type WordfreqErrorCode } from '../errors.ts';
import type { WordCounterOptions } from '../options.ts';
import type { Part } from '../part.ts';
import type { CountWarning } from '../warnings.ts';
import { type CountTotals, WordCounts } from '../word-counts.ts';

/** What a thread counts: bytes from `start` up to `end` of a file. */
export interface RangeTask {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly options: Omit<WordCounterOptions, 'dictionary'>;
  /** The dictionary of the options as data, because functions do not pass between threads. */
  readonly dictionary: { readonly version: string; readonly table: DictionaryTable } | undefined;
}

/** A part, as it passes between threads. */
export interface PostedPart {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly counts:
    | {
        readonly entries: TableEntries;
        readonly totals: CountTotals;
        readonly warnings: readonly CountWarning[];
      }
    | undefined;
}

/** What a thread says. */
export type RangeMessage =
  | { readonly bytes: number }
  | { readonly part: PostedPart }
  | { readonly error: { readonly code: WordfreqErrorCode; readonly message: string } };

/** The thread's program lies beside this file, in TypeScript when this is. */
const PROGRAM = import.meta.url.endsWith('.ts') ? './range-program.ts' : './range-program.js';

/** Starting a thread takes as long as counting some 20 MB, so it waits this long for more to do. It keeps no process from ending. */
const IDLE_MS = 2000;
const idle: Map<Worker, NodeJS.Timeout> = new Map();

function takeThread(): Worker {
  for (const [thread, timer] of idle) {
    clearTimeout(timer);
    forget(thread);
    thread.ref();
    return thread;
  }
  return new Worker(new URL(PROGRAM, import.meta.url));
}

function keepThread(thread: Worker): void {
  forget(thread);
  thread.on('exit', () => forget(thread));
  thread.unref();
  const end = (): void => {
    forget(thread);
    void thread.terminate();
  };
  idle.set(thread, setTimeout(end, IDLE_MS).unref());
}

/** By name, because a thread also has listeners of Node's own, without which it hears nothing. */
function forget(thread: Worker): void {
  idle.delete(thread);
  for (const event of ['message', 'error', 'exit']) thread.removeAllListeners(event);
}

/** Counts a range in a thread. */
export function countRangeInThread(
  task: RangeTask,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<Part> {
  return new Promise<Part>((resolve, reject) => {
    const thread = takeThread();
    const stop = (): void => {
      void thread.terminate();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    thread.on('message', (message: RangeMessage) => {
      if ('bytes' in message) {
        onBytes(message.bytes);
        return;
      }
      signal.removeEventListener('abort', stop);
      keepThread(thread);
      if ('part' in message) resolve(received(message.part));
      else reject(new WordfreqError(message.error.code, message.error.message));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`A counting thread ended with ${code} and no result.`));
    });
    thread.postMessage(task);
  });
}

function received({ head, tail, counts }: PostedPart): Part {
  if (counts === undefined) return { head, tail, counts };
  const { entries, totals, warnings } = counts;
  return { head, tail, counts: new WordCounts(WordTable.adopt(entries), totals, warnings) };
}
