import { Worker } from 'node:worker_threads';
import type { TableEntries } from '../count/word-table.ts';
import type { DictionaryTable } from '../dictionary/word-dictionary.ts';
import { WordfreqError, type WordfreqErrorCode } from '../errors.ts';
import type { WordCounterOptions } from '../options.ts';
import type { CountWarning } from '../warnings.ts';
import type { CountTotals } from '../word-counts.ts';
import type { ExchangeEnd } from './thread-exchange.ts';

/** What a thread counts: ranges of a file, which it takes as other threads do. */
export interface RangesTask {
  readonly path: string;
  readonly size: number;
  readonly rangeBytes: number;
  /** The number of the range that is taken next, shared by all threads. */
  readonly nextRange: Int32Array<SharedArrayBuffer>;
  readonly options: Omit<WordCounterOptions, 'dictionary'>;
  /** The dictionary of the options as data, because functions do not pass between threads. */
  readonly dictionary: { readonly version: string; readonly table: DictionaryTable } | undefined;
  /** To the threads that count the other ranges; without it, each has all words of its ranges. */
  readonly exchange: ExchangeEnd | undefined;
}

/** The counts of some ranges, as they pass between threads. */
export interface RangeCounts {
  readonly entries: TableEntries;
  readonly totals: CountTotals;
  readonly warnings: readonly CountWarning[];
  /** Whether no other thread has a count of any of these words. */
  readonly hasOwnWords: boolean;
}

/** What a thread says. */
export type RangeMessage =
  | RangeCounts
  | { readonly bytes: number }
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

/** Counts ranges in a thread. */
export function countRangesInThread(
  task: RangesTask,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<RangeCounts> {
  return new Promise<RangeCounts>((resolve, reject) => {
    const thread = takeThread();
    const stop = (): void => {
      // What it has already said must not make it one that waits for more to do.
      forget(thread);
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
      if ('entries' in message) resolve(message);
      else reject(new WordfreqError(message.error.code, message.error.message));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new Error(`A counting thread ended with ${code} and no result.`));
    });
    const ports = task.exchange?.ports.filter((port) => port !== undefined) ?? [];
    thread.postMessage(task, ports);
  });
}
