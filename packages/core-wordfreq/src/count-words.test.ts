import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { countWords, filterCounts, type TextSource } from './index.ts';

const bytes = new TextEncoder().encode('one two two 😀x');
async function* chunks(): AsyncIterable<Uint8Array> {
  yield bytes.subarray(0, 5);
  yield bytes.subarray(5);
}

describe(countWords, () => {
  it.each<[string, () => TextSource]>([
    ['text', () => 'one two two 😀x'],
    ['bytes', () => bytes],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['an array of chunks', () => [bytes.subarray(0, 3), bytes.subarray(3)]],
    ['pieces of text that cut a surrogate pair', () => ['one two two \ud83d', '\ude00x']],
    ['pieces of both kinds', () => ['one ', bytes.subarray(4)]],
    ['an async iterable', () => chunks()],
    ['a Node stream', () => Readable.from([bytes])],
    ['a web stream', () => new Blob([bytes]).stream() as unknown as TextSource],
    ['a Blob', () => new Blob([bytes]) as unknown as TextSource],
  ])('counts %s', async (_, source) => {
    const counts = await countWords(source());
    expect(new Map(counts)).toEqual(
      new Map([
        ['one', 1],
        ['two', 2],
        ['x', 1],
      ]),
    );
    expect(counts.totalBytes).toBe(bytes.length);
  });

  it.each([[null], [42], [undefined], [{}], [[42]]])('refuses %o with a code', async (source) => {
    await expect(countWords(source as unknown as TextSource)).rejects.toMatchObject({
      code: 'invalid-source',
    });
  });

  it('ends with the reason of an aborted signal and closes the source', async () => {
    const abort = new AbortController();
    let closed = false;
    async function* endless(): AsyncIterable<Uint8Array> {
      try {
        for (;;) yield bytes;
      } finally {
        closed = true;
      }
    }
    const reason = new Error('enough');
    const onProgress = ({ bytes: counted }: { bytes: number }): void => {
      if (counted > 100) abort.abort(reason);
    };
    await expect(countWords(endless(), { signal: abort.signal, onProgress })).rejects.toBe(reason);
    expect(closed).toBe(true);
  });

  it('keeps case if asked to', async () => {
    expect(new Map(await countWords('The the STRAßE', { keepCase: true }))).toEqual(
      new Map([
        ['The', 1],
        ['the', 1],
        ['STRAßE', 1],
      ]),
    );
    expect((await countWords('The the', { keepCase: true, tokenizer: 'whitespace' })).distinctWords).toBe(2);
  });

  it('counts runs of words', async () => {
    const counts = await countWords('To be, or not to be', { ngram: 2 });
    expect(counts.top(1)).toEqual([{ word: 'to be', count: 2 }]);
    expect([counts.totalWords, counts.distinctWords]).toEqual([5, 4]);
    expect((await countWords('one two', { ngram: 3 })).totalWords).toBe(0);
  });

  it('ends with a code when there are more different words than allowed', async () => {
    await expect(countWords('a b c', { maxDistinctWords: 2 })).rejects.toMatchObject({
      code: 'too-many-distinct-words',
    });
    expect((await countWords('a b b', { maxDistinctWords: 2 })).distinctWords).toBe(2);
  });
});

describe(filterCounts, () => {
  it('normalizes, then leaves out stop words and short words', async () => {
    const counts = await countWords('The cafe\u0301, the café, a cat; THE end');
    const filtered = filterCounts(counts, {
      normalize: (word) => (word === 'end' ? undefined : word.normalize('NFC')),
      stopWords: ['the'],
      minLength: 2,
    });
    expect(filtered.top(9)).toEqual([
      { word: 'café', count: 2 },
      { word: 'cat', count: 1 },
    ]);
    expect(filtered.totalWords).toBe(3);
  });

  it('refuses what is no option', async () => {
    const counts = await countWords('');
    expect(() => filterCounts(counts, { minLength: 0 })).toThrow(
      expect.objectContaining({ field: 'minLength' }),
    );
    expect(() => filterCounts(counts, { stopwords: [] } as object)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'stopwords' }),
    );
  });
});
