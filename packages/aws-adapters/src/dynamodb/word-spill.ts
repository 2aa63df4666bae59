import { createHash } from 'node:crypto';
import { AdapterError } from '../errors/index.ts';
import type { CallOptions, WordCount } from '../ports/index.ts';
import type { DynamoResultStoreOptions } from './dynamo-options.ts';
import type { ResultItem } from './table.ts';

/** What errors advise where words have no other place. */
const SPILL_ADVICE = 'Configure "spill".';

type SpillOptions = Pick<DynamoResultStoreOptions, 'spill' | 'spillAdvice' | 'maxItemBytes'>;

/** Moves the words of an item that would be too large into an object, and points to it. */
export async function spillWords(
  item: ResultItem,
  { spill, spillAdvice = SPILL_ADVICE, maxItemBytes = 390_000 }: SpillOptions,
  call: CallOptions,
): Promise<ResultItem> {
  // As JSON an item is always larger than DynamoDB counts it.
  const bytes = Buffer.byteLength(JSON.stringify(item));
  // A record without words must not share the object of one with words, which may still be written when it is refused.
  if (bytes <= maxItemBytes || (item.words ?? []).length === 0) return item;
  if (spill === undefined) {
    const advice = `Expected a result of at most ${maxItemBytes} bytes, but job ${item.jobId} has ${bytes}. ${spillAdvice}`;
    throw new AdapterError('invalid', advice, { object: { bucket: item.bucket, key: item.key } });
  }
  const { words = [], ...rest } = item;
  // Named after the job, so a repetition overwrites the same object with the same bytes. No path from the key.
  const name = createHash('sha256')
    .update(JSON.stringify([item.object, item.version]))
    .digest('hex');
  const wordsAt = { bucket: spill.bucket, key: `${spill.prefix ?? 'words/'}${name}.json` };
  await spill.store.put(wordsAt, Buffer.from(JSON.stringify(words)), {
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
  const { words, wordsAt } = item;
  if (wordsAt === undefined) return words ?? [];
  if (spill === undefined) {
    const place = `s3://${wordsAt.bucket}/${wordsAt.key}`;
    throw new AdapterError(
      'invalid',
      `The words of job ${item.jobId} are at ${place}, which is not known here. ${spillAdvice}`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await spill.store.read(wordsAt, call)).bytes) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString()) as WordCount[];
}
