import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeInJavaScript } from '../src/engine/table-merger.ts';
import {
  countWords,
  decodeCounts,
  encodeCounts,
  finishPart,
  mergeCounts,
  mergeEncoded,
  mergeParts,
  type Part,
  PartCounter,
  TOKENIZERS,
  type WordCounterOptions,
  WordCounts,
} from '../src/index.ts';
import { BROKEN_BYTES, MIXED_TEXTS } from './fixtures-of-scripts.ts';

const encoder = new TextEncoder();
const plain = (counts: WordCounts): unknown => counts.toJSON();

const text = fc.oneof(
  fc
    .array(fc.constantFrom(...MIXED_TEXTS.map((mixed) => [...encoder.encode(mixed)]), ...BROKEN_BYTES), {
      maxLength: 8,
    })
    .map((pieces) => Uint8Array.from(pieces.flat())),
  fc
    .array(fc.constantFrom(0x61, 0x20, 0x0a, 0xc3, 0xa9, 0, 0x27), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes)),
);

/** As if of a text of no bytes, whose number would become too large before that of the words. */
function withoutBytes(counts: WordCounts): WordCounts {
  return WordCounts.of(mergeInJavaScript([counts.entries()]), { ...counts.totals, bytes: 0 }, []);
}

function countParts(pieces: readonly Uint8Array[], options: WordCounterOptions): Part[] {
  return pieces.map((piece) => {
    const counter = new PartCounter(options);
    for (let at = 0; at < piece.length; at += 7) counter.push(piece.subarray(at, at + 7));
    return counter.finish();
  });
}

describe(mergeParts, () => {
  it.each(TOKENIZERS)('gives the whole from any tree of parts, for %s', async (tokenizer) => {
    await fc.assert(
      fc.asyncProperty(
        text,
        fc.array(fc.nat(), { maxLength: 6 }),
        fc.array(fc.nat(), { minLength: 6 }),
        async (bytes, cuts, choices) => {
          const options: WordCounterOptions = { tokenizer, maxTokenBytes: 16 };
          const edges = [
            0,
            ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b),
            bytes.length,
          ];
          const parts = countParts(
            edges.slice(1).map((end, index) => bytes.subarray(edges[index], end)),
            options,
          );
          for (let turn = 0; parts.length > 1; turn += 1) {
            const at = (choices[turn % choices.length] as number) % (parts.length - 1);
            parts.splice(at, 2, mergeParts(parts[at] as Part, parts[at + 1] as Part, options));
          }
          expect(plain(finishPart(parts[0] as Part, options))).toEqual(
            plain(await countWords(bytes, options)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives the whole from parts whose words are composed', async () => {
    const bytes = encoder.encode('cafe\u0301 café Å A\u030a cafe\u0301');
    const options: WordCounterOptions = { normalize: 'NFC' };
    const whole = plain(await countWords(bytes, options));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const [left, right] = countParts([bytes.subarray(0, cut), bytes.subarray(cut)], options) as [
        Part,
        Part,
      ];
      expect(plain(finishPart(mergeParts(left, right, options), options))).toEqual(whole);
    }
  });

  it('keeps a joiner behind white space apart from what stands before', async () => {
    const bytes = encoder.encode('x \u200d\u24dc y');
    const whole = plain(await countWords(bytes));
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const [left, right] = countParts([bytes.subarray(0, cut), bytes.subarray(cut)], {}) as [Part, Part];
      expect(plain(finishPart(mergeParts(left, right)))).toEqual(whole);
    }
  });

  it('is refused for runs of words, which may reach over the border', () => {
    expect(() => new PartCounter({ ngram: 2 })).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'ngram' }),
    );
  });
});

describe('encoded counts', () => {
  const collect = async (chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> => {
    const collected: Uint8Array[] = [];
    for await (const chunk of chunks) collected.push(chunk);
    return collected;
  };

  it('come back as they were, from chunks of any size', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        const counts = await countWords(bytes);
        const encoded = Uint8Array.from([...encodeCounts(counts)].flatMap((chunk) => [...chunk]));
        const chunks: Uint8Array[] = [];
        for (let at = 0; at < encoded.length; at += size) chunks.push(encoded.subarray(at, at + size));
        expect(plain(await decodeCounts(chunks))).toEqual(plain(counts));
      }),
      { numRuns: 200 },
    );
  });

  it('merge into those of all texts together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), async (texts) => {
        const all = await Promise.all(texts.map((bytes) => countWords(bytes)));
        const merged = await decodeCounts(
          await collect(mergeEncoded(all.map((counts) => encodeCounts(counts)))),
        );
        const sums = new Map<string, number>();
        for (const counts of all)
          for (const [word, count] of counts) sums.set(word, (sums.get(word) ?? 0) + count);
        expect(new Map(merged)).toEqual(sums);
        expect(merged.totalWords).toBe(all.reduce((sum, { totalWords }) => sum + totalWords, 0));
      }),
      { numRuns: 100 },
    );
  });

  it('stay exact up to 2^53 − 1, and are an error with a code beyond', async () => {
    const double = async (counts: WordCounts): Promise<WordCounts> => {
      const encoded = [...encodeCounts(counts)];
      return decodeCounts(await collect(mergeEncoded([encoded, encoded])));
    };
    let counts = await countWords('word');
    let rest = counts;
    // 1 + 2 + 4 … + 2^52
    for (let power = 1; power < 53; power += 1) {
      counts = await double(withoutBytes(counts));
      rest = mergeCounts([rest, withoutBytes(counts)]);
    }
    expect(rest.get('word')).toBe(Number.MAX_SAFE_INTEGER);
    expect(rest.toJSON().words).toEqual([['word', Number.MAX_SAFE_INTEGER]]);
    expect((await decodeCounts(encodeCounts(rest))).get('word')).toBe(Number.MAX_SAFE_INTEGER);
    const one = await countWords('word');
    expect(() => mergeCounts([rest, one])).toThrow(expect.objectContaining({ code: 'count-too-large' }));
    const tooMany = collect(mergeEncoded([encodeCounts(rest), encodeCounts(one)]));
    await expect(tooMany).rejects.toMatchObject({ code: 'count-too-large', retryable: false });
  });

  it('stay exact above 2^32 where WebAssembly adds them up', async () => {
    const words = Array.from({ length: 11_000 }, (_, index) => `${'w'.repeat(index % 25)}${index}`);
    let counts = withoutBytes(await countWords(words.join(' '), { tokenizer: 'whitespace' }));
    for (let power = 0; power < 38; power += 1) counts = mergeCounts([counts, counts]);
    const sum = mergeCounts([counts, await countWords(`${words[24]}`, { tokenizer: 'whitespace' })]);
    expect(sum.get(words[24] as string)).toBe(2 ** 38 + 1);
    expect(sum.get(words[3] as string)).toBe(2 ** 38);
    expect(sum.totalWords).toBe(11_000 * 2 ** 38 + 1);
  });

  it.each(['abc', null, 7, ['abc'], {}])('is not made of %j, which is not bytes', async (source) => {
    await expect(decodeCounts(source as unknown as Uint8Array)).rejects.toMatchObject({
      code: 'invalid-source',
    });
  });

  it('that are damaged give an error with a code, wherever they are cut, never other counts', async () => {
    const encoded = Uint8Array.from(
      [...encodeCounts(await countWords('some words, more words'))].flatMap((c) => [...c]),
    );
    for (let cut = 0; cut < encoded.length; cut += 1) {
      await expect(decodeCounts([encoded.subarray(0, cut)])).rejects.toMatchObject({
        code: 'invalid-encoding',
      });
    }
    for (const version of [1, 2, 4]) {
      await expect(decodeCounts([encoded.with(3, version)])).rejects.toMatchObject({
        code: 'invalid-encoding',
      });
    }
    await expect(decodeCounts([])).rejects.toMatchObject({ code: 'invalid-encoding' });
    const longer = Uint8Array.from([...encoded, 0]);
    await expect(decodeCounts(longer)).rejects.toMatchObject({ code: 'invalid-encoding' });
  });

  it('that have one flipped bit anywhere are refused, also when they are merged', async () => {
    const encoded = Uint8Array.from(
      [...encodeCounts(await countWords('some words, more words \0'))].flatMap((chunk) => [...chunk]),
    );
    for (let bit = 0; bit < 8 * encoded.length; bit += 1) {
      const at = bit >> 3;
      const flipped = encoded.with(at, (encoded[at] as number) ^ (1 << (bit & 7)));
      const inPieces = [flipped.subarray(0, at), flipped.subarray(at)];
      for (const source of [flipped, inPieces]) {
        await expect(decodeCounts(source)).rejects.toMatchObject({ code: 'invalid-encoding' });
        await expect(collect(mergeEncoded([encoded, source]))).rejects.toMatchObject({
          code: 'invalid-encoding',
        });
      }
    }
  });

  it('that are not in order, or whose sum is not the total, are refused', async () => {
    const header = [0x57, 0x46, 0x43, 3, 2, 3, 0, 0, 0];
    const encodedOf = (entries: readonly number[]): Uint8Array => {
      const bytes = Buffer.from([...header, ...entries, 0, 0, 0, 0, 0]);
      bytes.writeUInt32BE(crc32(bytes.subarray(0, -4)), bytes.length - 4);
      return bytes;
    };
    const [a, b] = [
      [1, 0, 1, 0x61],
      [1, 0, 1, 0x62],
    ];
    const accepted = await decodeCounts(encodedOf([...a, ...b]));
    expect(accepted.top(2)).toHaveLength(2);
    for (const entries of [[...b, ...a], [...a, ...a], a, [...a, 2, 0, 1, 0x62]]) {
      await expect(decodeCounts(encodedOf(entries))).rejects.toMatchObject({
        code: 'invalid-encoding',
      });
    }
  });
});
