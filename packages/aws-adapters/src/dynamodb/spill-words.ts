import { createHash } from 'node:crypto';
import { AdapterError } from '../errors/index.ts';
import type { CallOptions, WordCount } from '../ports/index.ts';
import { itemBytes } from './item-bytes.ts';
import { type DynamoResultStoreOptions, fromItem, inlineWords, type ResultItem } from './result-item.ts';

/** What errors advise if there is no store for large words. */
const SPILL_ADVICE = 'Configure "spill".';

type SpillOptions = Pick<DynamoResultStoreOptions, 'spill' | 'spillAdvice' | 'maxItemBytes'>;

/** Moves the words of an item that would be too large into an object, and points to it. */
export async function spillWords(
  item: ResultItem,
  { spill, spillAdvice = SPILL_ADVICE, maxItemBytes = 390_000 }: SpillOptions,
  call: CallOptions,
): Promise<ResultItem> {
  const bytes = itemBytes(item);
  // A record without words must not share the object with one that has words: that object may still be
  // written after this record was refused.
  if (bytes <= maxItemBytes || item.words === undefined) return item;
  if (spill === undefined) {
    const advice = `Expected a result of at most ${maxItemBytes} bytes, but that of ${item.object} has ${bytes}. ${spillAdvice}`;
    const { object } = fromItem(item, []);
    throw new AdapterError('invalid', advice, { object });
  }
  const { words: _, moreWords: __, ...rest } = item;
  // Named after the job, so a repetition overwrites the same object with the same bytes. No path from the
  // key.
  const name = createHash('sha256')
    .update(JSON.stringify([item.object, item.version]))
    .digest('hex');
  const wordsAt = { bucket: spill.bucket, key: `${spill.prefix ?? 'words/'}${name}.json` };
  await spill.store.put(wordsAt, Buffer.from(JSON.stringify(inlineWords(item))), {
    ...call,
    contentType: 'application/json',
  });
  return { ...rest, wordsAt };
}

/** Reads an item's words, wherever they are. */
export async function wordsOf(
  item: ResultItem,
  { spill, spillAdvice = SPILL_ADVICE }: SpillOptions,
  call: CallOptions,
): Promise<readonly WordCount[]> {
  const { wordsAt } = item;
  if (wordsAt === undefined) return inlineWords(item);
  const place = `s3://${wordsAt.bucket}/${wordsAt.key}`;
  if (spill === undefined) {
    throw new AdapterError(
      'invalid',
      `The words of ${item.object} are at ${place}, which is not known here. ${spillAdvice}`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await spill.store.read(wordsAt, call)).bytes) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString()) as WordCount[];
  } catch (cause) {
    const problem = `Expected the words of ${item.object} as JSON at ${place}, but something else is there.`;
    throw new AdapterError('invalid', problem, { cause });
  }
}
