import { describe, expect, it, vi } from 'vitest';
import { countFile } from '../src/node/index.ts';
import { collidingLong, collidingMedium, collidingShort } from './colliding-words.ts';
import { useTemporaryFolder } from './temporary-files.ts';

// Enough words that threads exchange them: seconds of work, many on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const { fileOf } = useTemporaryFolder();

describe('countFile with threads that share many words', () => {
  it.each([2, 3, 5])(
    'counts many different words, which %i threads send to their owners, as one thread does',
    async (threads) => {
      const lengths = [3, 8, 9, 16, 17, 40];
      const word = (index: number): string => {
        const length = lengths[index % lengths.length] as number;
        return `${index.toString(36)}${'я'.repeat(20)}`.slice(0, length);
      };
      // More than an engine keeps without sending, and each of them in several ranges.
      const words = Array.from({ length: 200_000 }, (_, index) => word((index * 7919) % 90_000));
      for (let at = 0; at < words.length; at += 1000) words[at] = 'often';
      const path = await fileOf('owners.txt', new TextEncoder().encode(`${words.join(' ')} last`));
      for (const tokenizer of ['whitespace', 'unicode'] as const) {
        const whole = (await countFile(path, { tokenizer })).toJSON();
        expect(whole.distinctWords).toBeGreaterThan(60_000);
        const threaded = await countFile(path, { tokenizer, threads, minBytesPerThread: 1_000_000 });
        expect(threaded.toJSON()).toEqual(whole);
      }
    },
  );

  it.each([2, 3])('counts words that were made to collide in %i threads as in one', async (threads) => {
    const words = [collidingShort(150_000), collidingMedium(40_000), collidingLong(10_000)];
    const path = await fileOf('colliding.txt', Buffer.concat([...words, ...words]));
    const whole = (await countFile(path, { tokenizer: 'whitespace' })).toJSON();
    const threaded = await countFile(path, { tokenizer: 'whitespace', threads, minBytesPerThread: 500_000 });
    expect(threaded.toJSON()).toEqual(whole);
    expect(threaded.totalWords).toBe(400_000);
  });

  it.each([7, 15, 30])(
    'counts words of %i letters that threads tell each other of in the end',
    async (length) => {
      // Each range, and so each thread, has its own words, too few to send them sooner, and enough to make
      // the tables of others grow.
      const rangeBytes = 1024 * 1024;
      const word = (index: number): string => index.toString(36).padStart(length, '0');
      const perRange = Math.ceil(rangeBytes / (length + 1));
      const words = [0, 19_000, 38_000].flatMap((first) =>
        Array.from({ length: perRange }, (_, index) => word(first + (index % 19_000))),
      );
      const path = await fileOf('in-the-end.txt', new TextEncoder().encode(words.join(' ')));
      const whole = (await countFile(path)).toJSON();
      expect(whole.distinctWords).toBe(57_000);
      for (const threads of [2, 3]) {
        expect((await countFile(path, { threads, minBytesPerThread: 1000 })).toJSON()).toEqual(whole);
      }
    },
  );

  it('finds the limit of different words, which no thread alone reaches', async () => {
    const words = Array.from({ length: 300_000 }, (_, index) => `word${index}`);
    const path = await fileOf('limit.txt', new TextEncoder().encode(words.join(' ')));
    const options = { threads: 3, minBytesPerThread: 1_000_000 };
    await expect(countFile(path, { ...options, maxDistinctWords: 299_999 })).rejects.toMatchObject({
      code: 'too-many-distinct-words',
    });
    expect((await countFile(path, { ...options, maxDistinctWords: 300_000 })).distinctWords).toBe(300_000);
  });

  it('keeps the bounds of heavy hitters over threads', async () => {
    const words = Array.from({ length: 400_000 }, (_, index) => (index % 4 === 0 ? 'often' : `word${index}`));
    const path = await fileOf('many.txt', new TextEncoder().encode(words.join(' ')));
    const bounded = { overflow: 'heavy-hitters', maxDistinctWords: 100 } as const;
    const counts = await countFile(path, { ...bounded, threads: 2, minBytesPerThread: 1000 });
    expect([counts.totalWords, counts.approximate]).toEqual([400_000, true]);
    expect(counts.maxError).toBeLessThanOrEqual(400_000 / 101);
    expect(counts.top(1)[0]?.word).toBe('often');
    expect(counts.get('often')).toBeLessThanOrEqual(100_000);
    expect(counts.get('often') + counts.maxError).toBeGreaterThanOrEqual(100_000);
    expect(counts.get('word1')).toBeLessThanOrEqual(1);
  });
});
