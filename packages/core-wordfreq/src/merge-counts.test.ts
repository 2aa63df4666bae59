import { describe, expect, it } from 'vitest';
import { countWords, decodeCounts, encodeCounts, mergeCounts, WordCounter } from './index.ts';

const TEXT = 'to be or not to be';

describe(mergeCounts, () => {
  it.each<[what: string, parts: unknown, got: RegExp]>([
    ['nothing', undefined, /got undefined/],
    ['a text', TEXT, /got string/],
    [
      'counts instead of a list of them',
      countWords(TEXT),
      /a list of counts, such as \[a, b\], got WordCounts/,
    ],
    ['a counter', [new WordCounter()], /a list of WordCounts, got WordCounter\. Finish counters/],
    ['encoded counts', [Uint8Array.of(0)], /got Uint8Array\. .*decode encoded counts/],
    ['a promise of counts', [countWords(TEXT)], /got Promise/],
  ])('refuses %s, and says what came', async (_, parts, got) => {
    const given = (await parts) as Parameters<typeof mergeCounts>[0];
    expect(() => mergeCounts(given)).toThrow(
      expect.objectContaining({ code: 'invalid-source', message: expect.stringMatching(got) }),
    );
  });

  it('refuses counts of different options, and names both', async () => {
    const plain = await countWords(TEXT);
    const others = [
      { keepCase: true },
      { fold: 'none' },
      { tokenizer: 'whitespace' },
      { dehyphenate: true },
    ] as const;
    for (const options of others) {
      const other = await countWords(TEXT, options);
      expect(() => mergeCounts([plain, other])).toThrow(
        expect.objectContaining({
          code: 'options-mismatch',
          message: expect.stringContaining(`"${plain.fingerprint}" and "${other.fingerprint}"`),
        }),
      );
    }
  });

  it('merges counts of both engines, and decoded ones, whose options are not known', async () => {
    const javascript = await countWords(TEXT, { engine: 'javascript' });
    const decoded = await decodeCounts(
      Buffer.concat([...encodeCounts(await countWords(TEXT, { fold: 'none' }))]),
    );
    const counts = mergeCounts([await countWords(TEXT), javascript, decoded]);
    expect([counts.get('to'), counts.totalWords, counts.engine]).toEqual([6, 18, undefined]);
  });
});
