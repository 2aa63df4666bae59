import { describe, expect, it } from 'vitest';
import { type Engine, type Tokenizer, WordCounter } from './index.ts';

const encoder = new TextEncoder();

function count(text: string | readonly number[], tokenizer: Tokenizer = 'unicode', maxTokenBytes = 1024) {
  const counter = new WordCounter({ tokenizer, maxTokenBytes });
  counter.push(typeof text === 'string' ? encoder.encode(text) : Uint8Array.from(text));
  return counter.finish();
}

describe(WordCounter, () => {
  it('ranks by count, ties in code-point order, which is not UTF-16 order', () => {
    const counts = count('b a \u{10400} \uff41 b', 'whitespace');
    expect(counts.top(10)).toEqual([
      { word: 'b', count: 2 },
      { word: 'a', count: 1 },
      { word: '\uff41', count: 1 },
      { word: '\u{10400}', count: 1 },
    ]);
    expect(counts.top(1)).toEqual([{ word: 'b', count: 2 }]);
    expect(counts.top(0)).toEqual([]);
  });

  it('ranks many words as a full sort does', () => {
    const words = Array.from({ length: 5000 }, (_, index) => `w${(index * index) % 613}`);
    const counts = count(words.join(' '));
    const sorted = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    expect(counts.top(100)).toEqual(sorted.slice(0, 100).map(([word, times]) => ({ word, count: times })));
    expect(counts.distinctWords).toBe(sorted.length);
    expect(counts.totalWords).toBe(5000);
  });

  it('counts a word, however short, the same with punctuation around it and without', () => {
    const counter = new WordCounter();
    counter.push(encoder.encode('"them" them, (a) a! .....'));
    expect(counter.finish().top(9)).toEqual([
      { word: 'a', count: 2 },
      { word: 'them', count: 2 },
    ]);
  });

  it('treats __proto__ and constructor as words like others', () => {
    const counts = count('__proto__ constructor __proto__', 'whitespace');
    expect(counts.get('__proto__')).toBe(2);
    expect(counts.get('toString')).toBe(0);
  });

  it('folds case in full, the same in every locale', () => {
    expect(
      count('Straße STRASSE ΟΔΟΣ οδος İ I ı')
        .top(9)
        .map(({ word, count }) => [word, count]),
    ).toEqual([
      ['strasse', 2],
      ['οδοσ', 2],
      ['i', 1],
      ['i̇', 1],
      ['ı', 1],
    ]);
  });

  it('leaves a byte order mark out and says so', () => {
    const counts = count('\ufeffword');
    expect([...counts]).toEqual([['word', 1]]);
    expect(counts.warnings).toEqual([{ code: 'byte-order-mark', count: 1, firstOffset: 0 }]);
  });

  it.each([
    ['little', [0xff, 0xfe, 0x48, 0x00, 0xe9, 0x00]],
    ['big', [0xfe, 0xff, 0x00, 0x48, 0x00, 0xe9]],
  ])('decodes UTF-16, %s endian', (_, bytes) => {
    const counts = count(bytes);
    expect([...counts]).toEqual([['hé', 1]]);
    expect(counts.warnings).toEqual([{ code: 'utf-16', count: 1, firstOffset: 0 }]);
    expect(counts.totalBytes).toBe(6);
  });

  it('warns of bytes that are not UTF-8 with count and first offset, and goes on', () => {
    const counts = count([0x61, 0x20, 0xff, 0x20, 0xe4, 0xb8, 0x20, 0x62]);
    expect(new Map(counts)).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    );
    expect(counts.warnings).toEqual([{ code: 'invalid-utf8', count: 2, firstOffset: 2 }]);
  });

  it('counts words of different broken bytes as one, because they read alike', () => {
    expect([...count([0x78, 0xff, 0x20, 0x78, 0xfe], 'whitespace')]).toEqual([['x\ufffd', 2]]);
  });

  it('warns of NUL bytes, which separate words', () => {
    const counts = count('a\0b');
    expect(counts.totalWords).toBe(2);
    expect(counts.warnings).toEqual([{ code: 'nul', count: 1, firstOffset: 1 }]);
  });

  it.each(['unicode', 'whitespace', 'aws-go-wordfreq-sample'] as const)(
    '%s cuts endless words between characters, in bounded memory',
    (tokenizer) => {
      const counter = new WordCounter({ tokenizer, maxTokenBytes: 16 });
      const chunk = encoder.encode('é'.repeat(50_000));
      counter.push(encoder.encode('a'));
      for (let index = 0; index < 20; index += 1) counter.push(chunk);
      const counts = counter.finish();
      expect([...counts]).toEqual([[`a${'é'.repeat(7)}`, 1]]);
      expect(counts.warnings).toEqual([{ code: 'token-truncated', count: 1, firstOffset: 0 }]);
    },
  );

  it('has nothing to say of nothing', () => {
    const counts = new WordCounter().finish();
    expect([counts.totalWords, counts.totalBytes, counts.distinctWords, counts.warnings]).toEqual([
      0,
      0,
      0,
      [],
    ]);
  });

  it.each<Engine>(['wasm', 'javascript'])(
    'finds a word as the first thing that is asked, in %s',
    (engine) => {
      const counter = new WordCounter({ engine });
      counter.push(encoder.encode('one two two'));
      expect(counter.finish().get('two')).toBe(2);
    },
  );

  it.each([[-1], [1.5], [Number.NaN], ['10'], [undefined]])('has no top %o', (n) => {
    expect(() => count('a b').top(n as number)).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'n' }),
    );
  });

  it('ranks all when asked for endlessly many, and becomes JSON in that order', () => {
    const counts = count('b a b');
    expect(counts.top(Number.POSITIVE_INFINITY)).toHaveLength(2);
    expect(JSON.parse(JSON.stringify(counts))).toEqual({
      totalWords: 3,
      totalBytes: 5,
      distinctWords: 2,
      maxError: 0,
      warnings: [],
      words: [
        ['b', 2],
        ['a', 1],
      ],
    });
  });

  it.each([['text'], [null], [[1]], [new ArrayBuffer(2)]])('refuses %o as a chunk', (chunk) => {
    expect(() => new WordCounter().push(chunk as unknown as Uint8Array)).toThrow(
      expect.objectContaining({ code: 'invalid-source' }),
    );
  });

  it('refuses to go on after the end, with a code', () => {
    const counter = new WordCounter();
    counter.finish();
    expect(() => counter.push(new Uint8Array())).toThrow(
      expect.objectContaining({ code: 'counter-finished' }),
    );
    expect(() => counter.finish()).toThrow(expect.objectContaining({ code: 'counter-finished' }));
    expect(() => counter.snapshot()).toThrow(expect.objectContaining({ code: 'counter-finished' }));
  });

  it('does not keep the memory of chunks', () => {
    const counter = new WordCounter();
    const chunk = encoder.encode('first');
    counter.push(chunk);
    chunk.fill(0x78);
    expect([...counter.finish()]).toEqual([['first', 1]]);
  });
});
