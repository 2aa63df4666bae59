import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collidingLong, collidingMedium, collidingShort } from '../../test/colliding-words.ts';
import { countFile, countWords } from './index.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wordfreq-core-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
}

/** Over 3 MB in several scripts, so that ranges end inside of words and characters. */
const sentence =
  '\ufeffThe quick brown fox can’t jump 32.3 feet. Все счастливые семьи похожи 我爱北京天安门 ภาษาไทย\0\xff ';
const text = new TextEncoder().encode(
  Array.from({ length: 24_000 }, (_, index) => `${sentence}${(index * 7919) % 10_007}`).join('\n'),
);
const broken = text.slice();
for (let at = 0; at < broken.length; at += 70_001) broken[at] = 0xff;

describe(countFile, () => {
  it.each(['unicode', 'whitespace', 'aws-go-wordfreq-sample'] as const)(
    'counts by %s the same with one thread and with three, warnings too',
    async (tokenizer) => {
      const path = await fileOf('broken.txt', broken);
      const whole = (await countWords(broken, { tokenizer })).toJSON();
      expect((await countFile(path, { tokenizer })).toJSON()).toEqual(whole);
      const told: number[] = [];
      const threaded = await countFile(path, {
        tokenizer,
        threads: 3,
        minBytesPerThread: 1_000_000,
        onProgress: ({ bytes }) => told.push(bytes),
      });
      expect(threaded.toJSON()).toEqual(whole);
      expect(told.at(-1)).toBe(broken.length);
    },
  );

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
      // Each range, and so each thread, has its own words, too few to send them sooner, and enough to make the tables of others grow.
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

  it('composes words alike with one thread and with three', async () => {
    const path = await fileOf('composed.txt', new TextEncoder().encode('cafe\u0301 café '.repeat(200_000)));
    const counts = await countFile(path, { normalize: 'NFC', threads: 3, minBytesPerThread: 1000 });
    expect([...counts]).toEqual([['café', 400_000]]);
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

  it('counts UTF-16 and text without white space in one piece', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('word '.repeat(300_000), 'utf16le')]);
    expect(
      (await countFile(await fileOf('utf16.txt', utf16), { threads: 2, minBytesPerThread: 1000 })).get(
        'word',
      ),
    ).toBe(300_000);
    const solid = new TextEncoder().encode('a.'.repeat(700_000));
    const path = await fileOf('solid.txt', solid);
    expect((await countFile(path, { threads: 2, minBytesPerThread: 1000 })).toJSON()).toEqual(
      (await countWords(solid)).toJSON(),
    );
  });

  it('uses its threads again, also behind an error and an abort, and keeps no process from ending', async () => {
    const path = await fileOf('text.txt', text);
    const threaded = `{ threads: 2, minBytesPerThread: 1000 }`;
    const program = `
      import { countFile } from ${JSON.stringify(new URL('index.ts', import.meta.url).href)};
      const path = ${JSON.stringify(path)};
      const { totalWords } = await countFile(path, ${threaded});
      await countFile(path, { ...${threaded}, maxDistinctWords: 10 }).catch(() => undefined);
      const abort = new AbortController();
      setImmediate(() => abort.abort());
      await countFile(path, { ...${threaded}, signal: abort.signal }).catch(() => undefined);
      for (let time = 0; time < 3; time += 1) {
        const again = await countFile(path, ${threaded});
        if (again.totalWords !== totalWords) throw new Error('other counts');
      }
      console.log(totalWords);
    `;
    const script = await fileOf('again.mjs', new TextEncoder().encode(program));
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@org/source', script]);
    expect(Number(stdout)).toBe((await countWords(text)).totalWords);
  });

  it('passes on errors with their codes', async () => {
    const path = await fileOf('text.txt', text);
    await expect(countFile(join(folder, 'none.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(countFile(path, { minBytesPerThread: 0 })).rejects.toMatchObject({
      field: 'minBytesPerThread',
    });
    await expect(countFile(path, { thread: 2 } as object)).rejects.toMatchObject({ field: 'thread' });
    await expect(countFile(path, null as unknown as object)).rejects.toMatchObject({ field: 'options' });
    await expect(countFile(path, { threads: 65 })).rejects.toMatchObject({ field: 'threads' });
    await expect(countFile(path, { threads: 0 })).rejects.toMatchObject({ field: 'threads' });
    await expect(
      countFile(path, { threads: 2, minBytesPerThread: 1000, maxDistinctWords: 10 }),
    ).rejects.toMatchObject({
      code: 'too-many-distinct-words',
    });
  });

  it('ends with the reason of a signal', async () => {
    const path = await fileOf('text.txt', text);
    const reason = new Error('enough');
    await expect(countFile(path, { threads: 2, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const abort = new AbortController();
    const counting = countFile(path, { threads: 2, minBytesPerThread: 1000, signal: abort.signal });
    setImmediate(() => abort.abort(reason));
    await expect(counting).rejects.toBe(reason);
  });
});
