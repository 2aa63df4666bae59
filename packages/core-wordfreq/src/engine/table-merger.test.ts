import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WordTable } from '../count/word-table.ts';
import { countWords, mergeCounts } from '../index.ts';
import { MemoryPool } from './memory-pool.ts';
import { mergeInJavaScript } from './table-merger.ts';
import { mergeInEngine, wasmMerger } from './wasm-merge.ts';

const encoder = new TextEncoder();

function tableOf(words: ReadonlyMap<string, number>): WordTable {
  const table = new WordTable();
  for (const [word, count] of words) table.add(encoder.encode(word), encoder.encode(word).length, count);
  return table;
}

function plain(table: WordTable): ReadonlyMap<string, number> {
  const decoder = new TextDecoder();
  return new Map(
    Array.from({ length: table.size }, (_, entry) => [decoder.decode(table.word(entry)), table.count(entry)]),
  );
}

/** Notices whether an engine was started. */
class WatchedPool extends MemoryPool {
  taken = 0;
  override take(hasDictionary: boolean): ReturnType<MemoryPool['take']> {
    this.taken += 1;
    return super.take(hasDictionary);
  }
}

describe(mergeInEngine, () => {
  it('gives the same sums as merging in JavaScript', () => {
    const pool = new MemoryPool();
    const words = fc
      .array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.integer({ min: 1, max: 2 ** 40 })))
      .map((entries) => new Map(entries));
    fc.assert(
      fc.property(fc.array(words, { maxLength: 5 }), (all) => {
        const tables = all.map((each) => tableOf(each).entries());
        expect(plain(mergeInEngine(pool, tables))).toEqual(plain(mergeInJavaScript(tables)));
      }),
      { numRuns: 200 },
    );
  });
});

describe(wasmMerger, () => {
  it('starts an engine for large tables only', () => {
    const pool = new WatchedPool();
    const merge = wasmMerger(pool);
    const few = tableOf(new Map([['a', 1]]));
    const many = tableOf(new Map(Array.from({ length: 11_000 }, (_, index) => [`w${index}`, 1])));
    expect(merge([few.entries(), few.entries()]).get(encoder.encode('a'))).toBe(2);
    expect(pool.taken).toBe(0);
    expect(merge([few.entries(), many.entries()]).size).toBe(11_001);
    expect(pool.taken).toBe(1);
  });

  it('goes with the counts that WebAssembly made, also through merging, and with no others', async () => {
    const [wasm, javascript] = await Promise.all([
      countWords('a b', { engine: 'wasm' }),
      countWords('b c', { engine: 'javascript' }),
    ]);
    expect(javascript.origin.merger).toBe(mergeInJavaScript);
    expect(wasm.origin.merger).not.toBe(mergeInJavaScript);
    expect(mergeCounts([javascript, wasm]).origin.merger).toBe(wasm.origin.merger);
    expect(mergeCounts([javascript, javascript]).origin.merger).toBe(mergeInJavaScript);
  });
});
