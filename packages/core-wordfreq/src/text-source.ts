import { WordfreqError } from './errors.ts';

/** A chunk of a text: bytes or characters. */
export type TextChunk = Uint8Array | ArrayBuffer | string;

/** The part of a web stream that is used. */
export interface WebStreamLike {
  /** Locks the stream for a reader. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: TextChunk | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** The part of a Blob or File that is used. */
export interface BlobLike {
  /** Returns the bytes. */
  stream(): WebStreamLike;
}

/** The part of a `Response`, as `fetch` returns it, that is used. */
export interface ResponseLike {
  /** The bytes; null if there are none. */
  readonly body: WebStreamLike | null;
  /** Whether the status is a success; the text of a failure is not counted. */
  readonly ok: boolean;
  /** The HTTP status. */
  readonly status: number;
}

/** The part of Node's `FileHandle` that is used. It stays open. */
export interface FileHandleLike {
  /** Returns the bytes from the start of the file. */
  createReadStream(options: {
    readonly start: number;
    readonly autoClose: boolean;
  }): AsyncIterable<TextChunk>;
}

/** What can be counted, other than a promise of it. Node streams and arrays of chunks are iterables. */
export type ReadySource =
  | TextChunk
  | Iterable<TextChunk>
  | AsyncIterable<TextChunk>
  | WebStreamLike
  | BlobLike
  | ResponseLike
  | FileHandleLike;

/**
 * What can be counted. Chunks follow each other without anything between: a word may go from one into the next.
 * Lines need their line ends: see {@link withLineEnds}.
 */
export type TextSource = ReadySource | PromiseLike<ReadySource>;

/** A source that is being read. */
interface OpenSource {
  next(): Promise<IteratorResult<unknown, unknown>>;
  /** Ends reading before the end of the text. If a read is pending, it may never settle. */
  close(reason: unknown): Promise<unknown>;
}

/**
 * Yields the chunks of a source. If the signal aborts, or the caller stops, it closes the source: also one that
 * has stalled.
 *
 * @throws WordfreqError `invalid-source`; the signal's reason; what the source throws
 */
export async function* readSource(
  source: TextSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<unknown, void, undefined> {
  const open = openSource(isPromise(source) ? await settled(source, signal) : source);
  let isOver = false;
  let isReading = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      isReading = true;
      const { done, value } = await settled(open.next(), signal);
      isReading = false;
      isOver = done === true;
      if (isOver) return;
      yield value;
    }
  } finally {
    const closed = isOver ? undefined : open.close(signal?.reason);
    // A source that has stalled may never say that it is closed.
    if (isReading && signal?.aborted === true) closed?.catch(() => undefined);
    else await closed;
  }
}

function isPromise(source: TextSource): source is PromiseLike<ReadySource> {
  return (
    typeof source === 'object' && source !== null && 'then' in source && typeof source.then === 'function'
  );
}

/** Waits for a value, but not longer than until the signal aborts. */
async function settled<T>(value: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return value;
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    Promise.resolve(value)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort));
  });
}

function openSource(source: ReadySource): OpenSource {
  if (typeof source === 'string' || source instanceof Uint8Array || source instanceof ArrayBuffer) {
    return openIterable([source]);
  }
  if (typeof source === 'object' && source !== null) {
    // First, because web streams can be cancelled while a read is pending, and their iterators cannot.
    if ('getReader' in source && typeof source.getReader === 'function') return openWebStream(source);
    if (Symbol.asyncIterator in source || Symbol.iterator in source) return openIterable(source);
    if ('stream' in source && typeof source.stream === 'function') return openWebStream(source.stream());
    if ('createReadStream' in source && typeof source.createReadStream === 'function') {
      return openIterable(source.createReadStream({ start: 0, autoClose: false }));
    }
    if ('body' in source && (source.body === null || typeof source.body.getReader === 'function')) {
      return openResponse(source);
    }
  }
  throw invalidSource(
    'text, bytes, a stream, an iterable of chunks, a Blob, a Response or a FileHandle',
    source,
  );
}

function openResponse({ ok, status, body }: ResponseLike): OpenSource {
  if (!ok)
    throw new WordfreqError('invalid-source', `Source: expected a successful response, got HTTP ${status}.`);
  return body === null ? openIterable([]) : openWebStream(body);
}

function openIterable(source: Iterable<unknown> | AsyncIterable<unknown>): OpenSource {
  const iterator =
    Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  return {
    next: async () => {
      const { done, value } = await iterator.next();
      return { done: done === true, value: await value };
    },
    close: async () => {
      // Node's iterator waits for the pending read, and its stream does not.
      if ('destroy' in source && typeof source.destroy === 'function') source.destroy();
      await iterator.return?.();
    },
  };
}

function openWebStream(stream: WebStreamLike): OpenSource {
  const reader = stream.getReader();
  return {
    next: async () => {
      const { done, value } = await reader.read();
      if (done) reader.releaseLock();
      return { done, value };
    },
    close: async (reason) => {
      try {
        await reader.cancel(reason);
      } finally {
        reader.releaseLock();
      }
    },
  };
}

/** Returns the error for something that cannot be counted. */
export function invalidSource(expected: string, got: unknown): WordfreqError {
  const type = got === null ? 'null' : typeof got;
  const name = type === 'object' ? (got as object).constructor?.name : undefined;
  const what = name === undefined || name === 'Object' ? type : name;
  return new WordfreqError('invalid-source', `Source: expected ${expected}, got ${what}. Convert it first.`);
}

/**
 * Yields lines with a line feed after each, so that the last word of a line and the first one of the next stay
 * apart. `readline` and lists of lines have no line ends.
 *
 * @example
 * await countWords(withLineEnds(createInterface({ input: createReadStream('book.txt') })));
 */
export async function* withLineEnds(
  lines: Iterable<string> | AsyncIterable<string>,
): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield `${line}\n`;
}
