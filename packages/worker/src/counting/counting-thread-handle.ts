import { Worker } from 'node:worker_threads';
import type { CountingSession, CountingTask, CountSummary } from './counting.ts';
import type { ThreadData, ThreadRequest, ThreadResponse } from './thread-messages.ts';

/**
 * The most bytes of one text that may be on their way to a thread: a fast network would otherwise fill the
 * memory.
 */
const MAX_TEXT_BYTES_UNDERWAY = 1_048_576;
/**
 * The most bytes of all its texts together: a thread counts one chunk at a time, so more would only wait
 * longer.
 */
const MAX_BYTES_UNDERWAY = 4_194_304;

/** The size of most chunks of a network stream, and how many such pieces of memory are kept for reuse. */
const MIN_MEMORY_BYTES = 65_536;
const MAX_KEPT = 32;

/** The source beside this file when run from sources, else the built program. */
function program(): URL {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  return new URL(`./counting-thread.${extension}`, import.meta.url);
}

interface Text {
  bytesUnderway: number;
  /** Lets the pusher continue. */
  resume: (() => void) | undefined;
  error: Error | undefined;
  settle: { resolve(summary: CountSummary): void; reject(error: Error): void } | undefined;
}

/** One counting thread, seen from the main thread. */
export class CountingThread {
  readonly #worker: Worker;
  readonly #texts = new Map<number, Text>();
  readonly #memory: ArrayBuffer[] = [];
  #serial = 0;
  #alive = true;

  constructor(workerData: ThreadData) {
    this.#worker = new Worker(program(), { workerData });
    // An idle thread must not keep the process running.
    this.#worker.unref();
    this.#worker.on('message', (answer: ThreadResponse) => this.#take(answer));
    this.#worker.on('error', (error) => this.#die(error));
    this.#worker.on('exit', () => this.#die(new Error('the counting thread ended')));
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** How many texts it is counting. */
  get texts(): number {
    return this.#texts.size;
  }

  get #share(): number {
    return Math.min(MAX_TEXT_BYTES_UNDERWAY, MAX_BYTES_UNDERWAY / this.#texts.size);
  }

  open(task: CountingTask): CountingSession {
    this.#serial += 1;
    const id = this.#serial;
    const text: Text = { bytesUnderway: 0, resume: undefined, error: undefined, settle: undefined };
    this.#texts.set(id, text);
    this.#worker.ref();
    this.#send({ id, kind: 'open', task });
    return {
      push: (chunk) => this.#push(id, text, chunk),
      finish: () => this.#finish(id, text),
      abandon: () => {
        if (!this.#texts.has(id)) return;
        this.#send({ id, kind: 'abandon' });
        this.#fail(id, text, new Error('the text was abandoned'));
      },
    };
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  async #push(id: number, text: Text, chunk: Uint8Array): Promise<void> {
    if (text.error !== undefined) throw text.error;
    const copy = this.#copyOf(chunk);
    text.bytesUnderway += copy.length;
    this.#send({ id, kind: 'push', chunk: copy }, [copy.buffer]);
    if (text.bytesUnderway < this.#share) return;
    await new Promise<void>((resolve) => {
      text.resume = resolve;
    });
    if (text.error !== undefined) throw text.error;
  }

  /**
   * Copies a chunk into memory that can be transferred, reusing what a thread has returned: new memory for
   * each chunk would accumulate until it is collected.
   */
  #copyOf(chunk: Uint8Array): Uint8Array<ArrayBuffer> {
    const returned = this.#memory.pop();
    const fits = returned !== undefined && returned.byteLength >= chunk.length;
    const memory = fits ? returned : new ArrayBuffer(Math.max(chunk.length, MIN_MEMORY_BYTES));
    const copy = new Uint8Array(memory, 0, chunk.length);
    copy.set(chunk);
    return copy;
  }

  #finish(id: number, text: Text): Promise<CountSummary> {
    if (text.error !== undefined) return Promise.reject(text.error);
    return new Promise((resolve, reject) => {
      text.settle = { resolve, reject };
      this.#send({ id, kind: 'finish' });
    });
  }

  #send(request: ThreadRequest, transfer: readonly ArrayBuffer[] = []): void {
    if (this.#alive) this.#worker.postMessage(request, [...transfer]);
  }

  #take(answer: ThreadResponse): void {
    if (answer.kind === 'counted' && this.#memory.length < MAX_KEPT) this.#memory.push(answer.memory);
    const text = this.#texts.get(answer.id);
    if (text === undefined) return;
    if (answer.kind === 'counted') {
      text.bytesUnderway -= answer.bytes;
      if (text.bytesUnderway < this.#share) text.resume?.();
    } else if (answer.kind === 'finished') {
      this.#forget(answer.id);
      text.settle?.resolve(answer.summary);
    } else {
      const { code, message, retryable } = answer;
      this.#fail(answer.id, text, Object.assign(new Error(message), { code, retryable }));
    }
  }

  #fail(id: number, text: Text, error: Error): void {
    this.#forget(id);
    text.error = error;
    text.resume?.();
    text.settle?.reject(error);
  }

  #forget(id: number): void {
    this.#texts.delete(id);
    if (this.#texts.size === 0) this.#worker.unref();
  }

  #die(error: Error): void {
    this.#alive = false;
    for (const [id, text] of this.#texts) this.#fail(id, text, error);
  }
}
