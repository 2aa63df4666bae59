import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Engine, fingerprintOptions, WordCounter } from '../index.ts';
import { cjkDictionary } from './cjk-dictionary.ts';
import { step } from './cjk-table.ts';
import { isPlainCjk, segmentCjk } from './segment-cjk.ts';
import { MOST_COST } from './word-tree.ts';

const SAMPLES = join(import.meta.dirname, '../../../../samples/texts');
const encoder = new TextEncoder();
const platform = new Intl.Segmenter('und', { granularity: 'word' });

function platformWords(run: string): string[] {
  // ICU cuts a run that begins with ー otherwise before it has met two ideographs.
  return ['中国', run].map((each) =>
    Array.from(platform.segment(each), ({ segment }) => segment),
  )[1] as string[];
}

/** ICU's dictionary changes with its version, so only the one that ours was made from can be the judge. */
const hasSameIcu = cjkDictionary.version === `cjk-icu${process.versions.icu?.split('.')[0]}`;

/**
 * Ideographs of the most common thousands, hiragana, katakana and their marks, so that known words and
 * unknown ones come side by side.
 */
const character = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0x4e00, max: 0x5bff }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x3041, max: 0x3096 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x30a1, max: 0x30fa }) },
  { weight: 1, arbitrary: fc.constantFrom(0x30fc, 0x30fd, 0x30fe, 0x3005, 0x3007, 0x309d, 0x9fff, 0x3400) },
);
const run = fc
  .array(character, { minLength: 1, maxLength: 80 })
  .map((points) => String.fromCodePoint(...points));

describe(segmentCjk, () => {
  it.runIf(hasSameIcu)(
    `cuts random runs as Intl.Segmenter does (it needs ICU of ${cjkDictionary.version})`,
    () => {
      fc.assert(
        fc.property(run, (text) => {
          expect(segmentCjk(cjkDictionary.table(), text)).toEqual(platformWords(text));
        }),
        { numRuns: 3000 },
      );
    },
  );

  it.runIf(hasSameIcu)(
    `cuts every run of the samples as Intl.Segmenter does (it needs ICU of ${cjkDictionary.version})`,
    () => {
      const files = readdirSync(SAMPLES).filter((name) => /^(zh|ja)-/.test(name));
      expect(files.length).toBeGreaterThan(3);
      for (const name of files) {
        const text = readFileSync(join(SAMPLES, name), 'utf8');
        const runs = (text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]+/gu) ?? []).filter(
          isPlainCjk,
        );
        expect(runs.length).toBeGreaterThan(50);
        for (const each of runs) expect(segmentCjk(cjkDictionary.table(), each)).toEqual(platformWords(each));
      }
    },
  );

  it.each([
    ['我们在北京大学学习', ['我们', '在', '北京', '大学', '学习']],
    ['すもももももももものうち', ['すもも', 'も', 'も', 'も', 'も', 'も', 'もの', 'うち']],
    ['コンピュータープログラム', ['コンピューター', 'プログラム']],
    ['鿿', ['鿿']],
  ])('cuts %s into words of the dictionary', (text, words) => {
    expect(segmentCjk(cjkDictionary.table(), text)).toEqual(words);
  });
});

describe(step, () => {
  it('goes from the root by the first character of a word and ends at its last', () => {
    const table = cjkDictionary.table();
    const first = step(table, 0, '中'.charCodeAt(0));
    const second = step(table, first >>> 8, '国'.charCodeAt(0));
    expect(second & 0xff).toBe(MOST_COST - 51);
    expect(step(table, first >>> 8, 'a'.charCodeAt(0))).toBe(0);
    expect(step(table, 0, 'a'.charCodeAt(0))).toBe(0);
  });
});

describe('the option dictionary', () => {
  interface Way {
    readonly maxTokenBytes?: number;
    readonly withDictionary?: boolean;
    /** Bytes that are pushed at a time. */
    readonly pushed?: number;
  }
  const count = (text: string, engine: Engine, way: Way = {}) => {
    const { maxTokenBytes = 1024, withDictionary = true, pushed = 1 } = way;
    const counter = new WordCounter({
      engine,
      maxTokenBytes,
      dictionary: withDictionary ? cjkDictionary : undefined,
    });
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length; at += pushed) counter.push(bytes.subarray(at, at + pushed));
    const counts = counter.finish();
    return { words: new Map(counts), total: counts.totalWords, warnings: counts.warnings };
  };
  const mixed = fc
    .array(
      fc.oneof(
        run,
        fc.constantFrom(
          ...'。、，：“”·\n \r☆♥_:1々ー𠀀\u200d\u3099\u00ad',
          'abc ',
          'ｶﾅ',
          'か\u3099',
          'ไทย',
          '한국',
          '❤️‍🔥',
        ),
      ),
      { maxLength: 60 },
    )
    .map((parts) => parts.join(''));

  it('gives the same counts in WebAssembly and JavaScript, for every length of words and any neighbours', () => {
    fc.assert(
      fc.property(
        mixed,
        fc.constantFrom(16, 60, 1024),
        fc.constantFrom(1, 7, 1000),
        (text, maxTokenBytes, pushed) => {
          const way = { maxTokenBytes, pushed };
          expect(count(text, 'wasm', way)).toEqual(count(text, 'javascript', way));
        },
      ),
      { numRuns: 500 },
    );
  });

  it.runIf(hasSameIcu)(
    `gives the same counts as the platform (it needs ICU of ${cjkDictionary.version})`,
    () => {
      fc.assert(
        fc.property(mixed, (text) => {
          expect(count(text, 'wasm', { pushed: 1000 })).toEqual(
            count(text, 'wasm', { withDictionary: false }),
          );
        }),
        { numRuns: 200 },
      );
    },
  );

  it('counts runs that are longer than what is cut at a time', () => {
    const text = '我们在北京大学学习'.repeat(1500);
    const counts = count(text, 'wasm', { pushed: 10_000 });
    expect(counts).toEqual(count(text, 'javascript'));
    // At most one word more where a piece ends.
    expect(counts.words.get('北京')).toBeGreaterThan(1490);
  });

  it('is part of the fingerprint', () => {
    expect(fingerprintOptions({ dictionary: cjkDictionary })).toBe(
      `${fingerprintOptions()}-${cjkDictionary.version}`,
    );
  });

  it('is refused with a tokenizer that has no use for it, and when it is something else', () => {
    expect(() => new WordCounter({ tokenizer: 'whitespace', dictionary: cjkDictionary })).toThrow(
      /dictionary/,
    );
    expect(() => new WordCounter({ dictionary: {} as never })).toThrow(/dictionary/);
  });
});
