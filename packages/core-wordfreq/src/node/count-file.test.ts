import { execFile } from 'node:child_process';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { useTemporaryFolder } from '../../test/temporary-files.ts';
import { countFile, countWords } from './index.ts';

const { fileOf, pathOf } = useTemporaryFolder();

/** Over 3 MB in several scripts, so that ranges end inside of words and characters. */
const sentence =
  '\ufeffThe quick brown fox can’t jump 32.3 feet. Все счастливые семьи похожи 我爱北京天安门 ภาษาไทย\0\xff ';
const text = new TextEncoder().encode(
  Array.from({ length: 24_000 }, (_, index) => `${sentence}${(index * 7919) % 10_007}`).join('\n'),
);
const broken = text.slice();
for (let at = 0; at < broken.length; at += 70_001) broken[at] = 0xff;

describe(countWords, () => {
  it('counts a FileHandle from the start of the file, and leaves it open', async () => {
    const file = await open(await fileOf('handle.txt', new TextEncoder().encode('to be or not to be')));
    for (let time = 0; time < 2; time += 1) expect((await countWords(file)).get('be')).toBe(2);
    await file.close();
  });
});

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

  it('composes words alike with one thread and with three', async () => {
    const path = await fileOf('composed.txt', new TextEncoder().encode('cafe\u0301 café '.repeat(200_000)));
    const counts = await countFile(path, { normalize: 'NFC', threads: 3, minBytesPerThread: 1000 });
    expect([...counts]).toEqual([['café', 400_000]]);
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
    await expect(countFile(pathOf('none.txt'))).rejects.toMatchObject({ code: 'ENOENT' });
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
