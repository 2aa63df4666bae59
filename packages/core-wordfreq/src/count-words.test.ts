import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  type CountWordsOptions,
  countWords,
  type FilterOptions,
  filterCounts,
  type TextSource,
  withLineEnds,
} from './index.ts';

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
    ['an async iterable of text', () => Readable.from(['one two two ', '😀x'], { objectMode: true })],
    ['a Node stream', () => Readable.from([bytes])],
    ['a Node stream with an encoding', () => Readable.from([bytes]).setEncoding('utf8')],
    [
      'a web stream of text',
      () => new Blob([bytes]).stream().pipeThrough(new TextDecoderStream()) as unknown as TextSource,
    ],
    ['a web stream', () => new Blob([bytes]).stream() as unknown as TextSource],
    ['a Response', () => new Response(bytes) as unknown as TextSource],
    ['a promise of a Response', () => Promise.resolve(new Response(bytes)) as unknown as TextSource],
    ['a Blob', () => new Blob([bytes]) as unknown as TextSource],
    ['a File', () => new File([bytes], 'text.txt') as unknown as TextSource],
    ["a response's body", () => new Response(bytes).body as unknown as TextSource],
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

  it.each([
    [{ signal: 'stop' }, 'signal'],
    [{ signal: null }, 'signal'],
    [{ onProgress: 1 }, 'onProgress'],
    [{ onprogress: () => undefined }, 'onprogress'],
    [{ threads: 2 }, 'threads'],
    [{ maxTokenBytes: 3 }, 'maxTokenBytes'],
    [null, 'options'],
    [7, 'options'],
  ])('refuses the options %o with a code and the field', async (options, field) => {
    await expect(countWords('x', options as unknown as CountWordsOptions)).rejects.toMatchObject({
      code: 'invalid-option',
      field,
    });
  });

  it('tells after each chunk how far it is', async () => {
    const told: number[] = [];
    await countWords(chunks(), { onProgress: ({ bytes: counted }) => told.push(counted) });
    expect(told).toEqual([5, bytes.length]);
  });

  it('passes on what a source throws, and closes a source that it cannot use', async () => {
    const reason = new Error('torn');
    async function* torn(): AsyncIterable<Uint8Array> {
      yield bytes;
      throw reason;
    }
    await expect(countWords(torn())).rejects.toBe(reason);
    let closed = false;
    function* wrong(): Iterable<unknown> {
      try {
        yield 42;
      } finally {
        closed = true;
      }
    }
    await expect(countWords(wrong() as Iterable<string>)).rejects.toMatchObject({ code: 'invalid-source' });
    expect(closed).toBe(true);
  });

  it('is over before it begins with a signal that was aborted, and cancels a web stream', async () => {
    const reason = new Error('enough');
    await expect(countWords('x', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    let cancelled: unknown;
    const abort = new AbortController();
    const stream = new ReadableStream({
      pull: (controller) => {
        controller.enqueue(bytes);
        abort.abort(reason);
      },
      cancel: () => {
        cancelled = true;
      },
    });
    await expect(countWords(stream as unknown as TextSource, { signal: abort.signal })).rejects.toBe(reason);
    expect(cancelled).toBe(true);
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

  const stalled: readonly (readonly [string, (onClose: () => void) => TextSource])[] = [
    [
      'a web stream',
      (onClose) =>
        new ReadableStream({
          start: (controller) => controller.enqueue(bytes),
          pull: () => new Promise(() => undefined),
          cancel: onClose,
        }) as unknown as TextSource,
    ],
    [
      'a Node stream',
      (onClose) =>
        new Readable({
          read: () => undefined,
          destroy: (error, done) => {
            onClose();
            done(error);
          },
        }),
    ],
    [
      'an iterator',
      (onClose) => ({
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise<IteratorResult<Uint8Array>>(() => undefined),
          return: async () => {
            onClose();
            return { done: true, value: undefined };
          },
        }),
      }),
    ],
  ];

  it.each(stalled)('ends when the signal aborts although %s has stalled, and closes it', async (_, open) => {
    const abort = new AbortController();
    const reason = new Error('enough');
    let isClosed = false;
    const counting = countWords(
      open(() => {
        isClosed = true;
      }),
      { signal: abort.signal },
    );
    setImmediate(() => abort.abort(reason));
    await expect(counting).rejects.toBe(reason);
    expect(isClosed).toBe(true);
  });

  it('does not wait for a promise longer than the signal allows', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    setImmediate(() => abort.abort(reason));
    const never = new Promise<string>(() => undefined);
    await expect(countWords(never, { signal: abort.signal })).rejects.toBe(reason);
  });

  it('refuses the text of a failure, and says what else it was given', async () => {
    const missing = new Response('not found', { status: 404 }) as unknown as TextSource;
    await expect(countWords(missing)).rejects.toMatchObject({
      code: 'invalid-source',
      message: expect.stringContaining('HTTP 404'),
    });
    await expect(countWords(new Map([[1, 2]]).size as unknown as string)).rejects.toThrow('got number');
    await expect(countWords(new Date() as unknown as string)).rejects.toThrow('got Date');
  });

  it('keeps lines apart if they get their line ends', async () => {
    expect([...(await countWords(withLineEnds(['a b', 'c d'])))].map(([word]) => word).sort()).toEqual([
      ...'abcd',
    ]);
    expect((await countWords(['a b', 'c d'])).get('bc')).toBe(1);
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

  it.each([
    [{ minLength: 0 }, 'minLength'],
    [{ minLength: '2' }, 'minLength'],
    [{ normalize: 'NFC' }, 'normalize'],
    [{ stopWords: 'the' }, 'stopWords'],
    [{ stopWords: null }, 'stopWords'],
    [{ stopWords: 3 }, 'stopWords'],
    [{ stopwords: [] }, 'stopwords'],
    [undefined, 'options'],
  ])('refuses %o with a code and the field', async (options, field) => {
    const counts = await countWords('');
    expect(() => filterCounts(counts, options as unknown as FilterOptions)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field }),
    );
  });

  it('leaves words out that a normalizer makes empty, and calls it once for each different word', async () => {
    const counts = await countWords('Running runs ran, the runs 42');
    const asked: string[] = [];
    const stems = filterCounts(counts, {
      normalize: (word) => {
        asked.push(word);
        if (word === '42') return '';
        return word.startsWith('r') ? 'run' : undefined;
      },
    });
    expect([...stems]).toEqual([['run', 4]]);
    expect(stems.totalWords).toBe(4);
    expect(asked.sort()).toEqual(['42', 'ran', 'running', 'runs', 'the']);
  });

  it('ends with a code when a normalizer throws or gives no text', async () => {
    const counts = await countWords('word');
    const cause = new Error('no stem');
    const failing = (): string => {
      throw cause;
    };
    expect(() => filterCounts(counts, { normalize: failing })).toThrow(
      expect.objectContaining({ code: 'normalizer-failed', field: 'normalize', cause, retryable: false }),
    );
    expect(() => filterCounts(counts, { normalize: (() => 7) as unknown as () => string })).toThrow(
      expect.objectContaining({ code: 'normalizer-failed', message: expect.stringContaining('got number') }),
    );
  });

  it('counts length in characters, also beyond the first 65,536', async () => {
    const counts = await countWords('a bb 𐐀 𐐀𐐀 cc', { keepCase: true });
    const kept = filterCounts(counts, { minLength: 2 });
    expect([...kept].map(([word]) => word).sort()).toEqual(['bb', 'cc', '𐐀𐐀']);
  });
});
