import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Counting, CountingTask, CountSummary } from './counting.ts';
import { createCountingPool } from './counting-pool.ts';
import { createInlineCounting } from './inline-counting.ts';

const TASK: CountingTask = { tokenizer: 'unicode', top: 10 };
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const sizeOfPool = { threads: 2, inlineBytes: 100 };

let pool: Counting | undefined;
afterEach(async () => {
  await pool?.close();
  pool = undefined;
});

async function count(counting: Counting, text: Uint8Array, chunkBytes = 1000): Promise<CountSummary> {
  const session = counting.open(TASK);
  for (let at = 0; at < text.length; at += chunkBytes) await session.push(text.subarray(at, at + chunkBytes));
  return session.finish();
}

describe(createCountingPool, () => {
  it('counts exactly as one thread does, however texts are cut and however many there are at once', async () => {
    pool = createCountingPool(sizeOfPool);
    const inline = createInlineCounting();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 400 }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 200 }),
        async (texts, chunkBytes) => {
          const counted = await Promise.all(
            texts.map((text) => count(pool as Counting, encode(text), chunkBytes)),
          );
          const expected = await Promise.all(texts.map((text) => count(inline, encode(text))));
          expect(counted).toEqual(expected);
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([0, 1])(
    'segments with words of its own, and names them in the fingerprint, on %i threads',
    async (threads) => {
      pool = createCountingPool({ threads, inlineBytes: 0, ownWords: ['云原生', 'สมชายใจดี'] });
      const { words } = await count(pool, encode('云原生应用 สมชายใจดี'));
      expect(words.map(({ word }) => word).sort()).toEqual(['สมชายใจดี', '云原生', '应用']);
      const plain = createInlineCounting();
      expect((await count(plain, encode('云原生'))).words).not.toEqual([{ word: '云原生', count: 1 }]);
      const { tokenizer } = TASK;
      expect(pool.fingerprint({ tokenizer })).not.toBe(plain.fingerprint({ tokenizer }));
    },
  );

  it('leaves the pushed bytes to their owner', async () => {
    pool = createCountingPool(sizeOfPool);
    const session = pool.open(TASK);
    const chunk = encode('word '.repeat(100));
    await session.push(chunk);
    chunk.fill(0);
    await session.push(encode('end'));
    expect((await session.finish()).totals.words).toBe(101);
    expect(chunk.byteLength).toBe(500);
  });

  it('lets no more than a little pile up for a thread', async () => {
    pool = createCountingPool({ threads: 1, inlineBytes: 0 });
    const session = pool.open(TASK);
    const chunk = encode('lorem ipsum '.repeat(50_000));
    let pushed = 0;
    const pushing = (async () => {
      for (; pushed < 20; pushed += 1) await session.push(chunk);
    })();
    // Nothing has been counted before this thread's next turn, so only what fits has been pushed by then.
    await Promise.resolve();
    await Promise.resolve();
    expect(pushed).toBeLessThan(3);
    await pushing;
    expect((await session.finish()).totals.words).toBe(20 * 100_000);
  });

  it('forgets an abandoned text and counts the next', async () => {
    pool = createCountingPool({ threads: 1, inlineBytes: 0 });
    const abandoned = pool.open(TASK);
    await abandoned.push(encode('forget me'));
    abandoned.abandon();
    abandoned.abandon();
    await expect(abandoned.push(encode('x'))).rejects.toThrow('abandoned');
    expect((await count(pool, encode('next'))).words).toEqual([{ word: 'next', count: 1 }]);
  });

  it('fails the texts of a pool that closes, instead of leaving them waiting', async () => {
    const closing = createCountingPool({ threads: 1, inlineBytes: 0 });
    const session = closing.open(TASK);
    await session.push(encode('words'));
    const outcome = expect(session.finish()).rejects.toThrow('ended');
    await closing.close();
    await outcome;
    await expect(count(closing, encode('more'))).rejects.toThrow('closed');
  });

  it('lets all texts of a thread share what may pile up', async () => {
    pool = createCountingPool({ threads: 1, inlineBytes: 0 });
    const sessions = Array.from({ length: 16 }, () => (pool as Counting).open(TASK));
    const chunk = encode('lorem ipsum '.repeat(50_000));
    let pushed = 0;
    const pushing = sessions.map(async (session) => {
      await session.push(chunk);
      pushed += 1;
    });
    // Nothing has been counted before this thread's next turn: one chunk of each is more than its share.
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
    expect(pushed).toBeLessThan(7);
    await Promise.all(pushing);
    for (const session of sessions) expect((await session.finish()).totals.words).toBe(100_000);
  });

  it.each([0, 1])('fails a text of too many different words with a code, on %i threads', async (threads) => {
    pool = createCountingPool({ threads, inlineBytes: 0 });
    const session = pool.open({ ...TASK, maxDistinctWords: 100 });
    const text = encode(Array.from({ length: 1000 }, (_, index) => `word${index}`).join(' '));
    const counting = session.push(text).then(() => session.finish());
    await expect(counting).rejects.toMatchObject({ code: 'too-many-distinct-words', retryable: false });
  });

  it('fails a text whose options are wrong, and only that', async () => {
    pool = createCountingPool({ threads: 1, inlineBytes: 0 });
    const wrong = pool.open({ ...TASK, tokenizer: 'words' as 'unicode' });
    const outcome = expect(wrong.finish()).rejects.toThrow('tokenizer');
    const right = await count(pool, encode('right'));
    await wrong.push(encode('x')).catch(() => undefined);
    await outcome;
    expect(right.totals.words).toBe(1);
  });
});
