import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { TableEntries } from '../count/word-table.ts';
import type { DictionaryTable, WordDictionary } from '../dictionary/word-dictionary.ts';
import { WordfreqError, type WordfreqErrorCode } from '../errors.ts';
import type { WordCounterOptions } from '../options.ts';
import type { CountWarning } from '../warnings.ts';
import type { CountTotals } from '../word-counts.ts';
import type { ExchangeEnd } from './thread-exchange.ts';

/**
 * The task of a thread: to count ranges of a file, as long as there are ranges that no other thread has
 * taken.
 */
export interface RangesTask {
  readonly path: string;
  readonly size: number;
  readonly rangeBytes: number;
  /** The number of the range that is taken next, shared by all threads. */
  readonly nextRange: Int32Array<SharedArrayBuffer>;
  readonly options: Omit<WordCounterOptions, 'dictionary'>;
  /** The dictionaries of the options as data, because functions cannot be sent to a thread. */
  readonly dictionaries: readonly (Omit<WordDictionary, 'table'> & { readonly table: DictionaryTable })[];
  /** The connections to the other threads; without them, each thread has all words of its ranges. */
  readonly exchange: ExchangeEnd | undefined;
}

/** The counts of some ranges, in a form that can be sent between threads. */
export interface RangeCounts {
  readonly entries: TableEntries;
  readonly totals: CountTotals;
  readonly warnings: readonly CountWarning[];
  /** Whether no other thread has a count of any of these words. */
  readonly hasOwnWords: boolean;
  /** Whether these are all ranges of the file. */
  readonly isWhole: boolean;
}

/** A message from a thread: its counts, its progress or its error. */
export type RangeMessage =
  | RangeCounts
  | { readonly bytes: number }
  | { readonly error: { readonly code: WordfreqErrorCode; readonly message: string } };

/**
 * Returns the thread's program: it is beside this file, and is TypeScript if this file is. There is none beside a
 * bundle in one file, and a bundle in CommonJS does not even know where it is.
 */
function threadProgram(): URL | undefined {
  const here: string | undefined = import.meta.url;
  if (here === undefined || !here.startsWith('file:')) return undefined;
  const program = new URL(here.endsWith('.ts') ? './range-program.ts' : './range-program.js', here);
  return existsSync(program) ? program : undefined;
}

/** Whether threads can be started. */
export function hasThreads(): boolean {
  return threadProgram() !== undefined;
}

/**
 * Starting a thread takes as long as counting some 20 MB, so a thread is kept this long for the next file. It
 * does not keep the process alive.
 */
const IDLE_MS = 2000;
const idle: Map<Worker, NodeJS.Timeout> = new Map();

function takeThread(): Worker {
  for (const [thread, timer] of idle) {
    clearTimeout(timer);
    forget(thread);
    thread.ref();
    return thread;
  }
  return new Worker(threadProgram() as URL);
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

/**
 * Removes our listeners by event, because Node has listeners of its own on a thread, without which no message
 * arrives.
 */
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
      // A message that is already on its way must not put the thread back into the pool.
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
