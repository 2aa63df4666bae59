import { isCoded } from '../errors/index.ts';

/** SQS takes at most ten entries in a request. */
export const MAX_ENTRIES = 10;

/** How to make a request for one entry, and one for several. */
export interface BatchedOptions<Entry> {
  /** Makes the request for one entry. Its errors are those that callers see. */
  readonly alone: (entry: Entry) => Promise<void>;
  /** Makes one request for several entries. Returns those that the queue refused, whatever its reason. */
  readonly together: (entries: readonly Entry[]) => Promise<readonly Entry[]>;
  /** What an entry contributes to `maxBytes`. Default: nothing. */
  readonly bytesOf?: (entry: Entry) => number;
  /** What one request may carry. Default: any number. */
  readonly maxBytes?: number;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Creates a function that makes one request for what several callers want at the same time. It never waits
 * for more entries to come: if no request is under way, the next one starts at once, with all entries that
 * came during the last one. So a single caller is as fast as without it, and the busier the worker, the fewer
 * the requests per entry. Ten waiting entries do not wait for a request that is slow.
 *
 * Each caller's promise settles with its own entry. An entry that was refused in a batch is tried once more
 * by itself, with the SDK's retries for it and an error that says what is wrong with this entry.
 *
 * @example
 * const remove = batched<QueueMessage>({ alone: (message) => deleteMessage(message), together: deleteMessages });
 * await Promise.all(messages.map(remove));
 */
export function batched<Entry>(options: BatchedOptions<Entry>): (entry: Entry) => Promise<void> {
  const waiting: Waiting<Entry>[] = [];
  let underWay = 0;

  function start(): void {
    while (waiting.length > 0 && (underWay === 0 || waiting.length >= MAX_ENTRIES)) {
      underWay += 1;
      void settle(waiting.splice(0, fitting(waiting, options)), options).finally(() => {
        underWay -= 1;
        start();
      });
    }
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      // Callers of the same turn of the event loop share their first request, too.
      queueMicrotask(start);
    });
}

/** How many of the first entries fit into one request; at least one. */
function fitting<Entry>(
  waiting: readonly Waiting<Entry>[],
  { bytesOf = () => 0, maxBytes = Number.POSITIVE_INFINITY }: BatchedOptions<Entry>,
): number {
  let bytes = 0;
  const tooMuch = waiting.findIndex(({ entry }, index) => {
    bytes += bytesOf(entry);
    return index === MAX_ENTRIES || (index > 0 && bytes > maxBytes);
  });
  return tooMuch === -1 ? waiting.length : tooMuch;
}

/** Makes the request for a batch and settles each of its entries. Never rejects. */
async function settle<Entry>(
  batch: readonly Waiting<Entry>[],
  { alone, together }: BatchedOptions<Entry>,
): Promise<void> {
  let again = batch;
  if (batch.length > 1) {
    try {
      const refused = new Set(await together(batch.map(({ entry }) => entry)));
      again = batch.filter(({ entry }) => refused.has(entry));
      for (const { entry, resolve } of batch) if (!refused.has(entry)) resolve();
    } catch (error) {
      // One invalid entry may be why the request as a whole is invalid; any other error concerns all of them.
      if (!isCoded(error) || error.code !== 'invalid') {
        for (const { reject } of batch) reject(error);
        return;
      }
    }
  }
  await Promise.all(again.map(({ entry, resolve, reject }) => alone(entry).then(resolve, reject)));
}
