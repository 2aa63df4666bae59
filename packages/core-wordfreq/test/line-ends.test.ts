import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spellerOf } from '../src/count/readable-words.ts';
import {
  countWords,
  fingerprintOptions,
  finishPart,
  mergeCounts,
  mergeParts,
  PartCounter,
  resolveOptions,
  WordCounter,
  type WordCounterOptions,
} from '../src/index.ts';
import { HyphenFinder } from '../src/line-ends/hyphen-finder.ts';
import { dividedWords } from '../src/line-ends/join-line-ends.ts';
import { FragmentWords } from '../src/line-ends/words-of-fragment.ts';
import { countFile } from '../src/node/index.ts';
import { hyphenated } from './hyphenated-text.ts';
import { LABELLED } from './line-ends-by-hand.ts';

const SAMPLES = join(import.meta.dirname, '../../../samples/texts');
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const OPTIONS: WordCounterOptions = { dehyphenate: true };
const count = (text: string, options: WordCounterOptions = {}) =>
  countWords(text, { ...OPTIONS, ...options });

describe('the option dehyphenate', () => {
  it.each([
    ['a hyphen', 'represen-\ntatives'],
    ['CRLF', 'represen-\r\ntatives'],
    ['white space around the line end', 'represen- \t\n   tatives'],
    ['a page between', 'represen-\n\ftatives'],
    ['U+2010', 'represen\u2010\ntatives'],
    ['a soft hyphen', 'represen\u00ad\ntatives'],
    ['punctuation around', '(“represen-\ntatives”,'],
    ['capitals', 'REPRESEN-\nTATIVES'],
  ])('joins a word with %s', async (_, text) => {
    const counts = await count(`the ${text} and representatives`);
    expect(counts.toJSON().words).toEqual([
      ['representatives', 2],
      ['and', 1],
      ['the', 1],
    ]);
    expect(counts.totalWords).toBe(4);
  });

  it.each([
    ['an empty line', 'represen-\n\ntatives representatives'],
    ['a dash', 'represen--\ntatives representatives'],
    ['a name', 'Anglo-\nSaxon anglosaxon'],
    ['numbers', '1914-\n1918 19141918'],
    ['a word that is divided twice', 'repre-\nsenta-\ntives representa'],
  ])('does not join across %s', async (_, text) => {
    expect((await count(text)).toJSON()).toEqual((await countWords(text)).toJSON());
  });

  it('follows the rest of the text, also for a hyphen that is always there', async () => {
    const both = 'a well-\nknown man, well-known, wellknown';
    expect((await count(both)).get('wellknown')).toBe(1);
    expect((await count(`${both}, wellknown`)).get('wellknown')).toBe(3);
  });

  it('spells parts as the counts are spelled', async () => {
    const text = '_IŞI-\nĞI_ ışığı don’t-\ncare';
    expect((await count(text, { locale: 'tr' })).get('ışığı')).toBe(2);
    expect((await count(text, { keepCase: true, fold: 'none' })).get('IŞIĞI_')).toBe(0);
  });

  it('has a fingerprint of its own, and is refused where there are no such words', () => {
    expect(fingerprintOptions(OPTIONS)).toBe('unicode-1024-u17.0.0-visible1-dehyphenate1');
    for (const other of [{ tokenizer: 'whitespace' }, { ngram: 2 }, { overflow: 'heavy-hitters' }] as const) {
      expect(() => resolveOptions({ ...OPTIONS, ...other })).toThrow(
        expect.objectContaining({ code: 'invalid-option', field: 'dehyphenate' }),
      );
    }
    expect(() => resolveOptions({ dehyphenate: 'yes' as never })).toThrow(/true or false/);
  });
});

describe('joined line ends', () => {
  const { lines } = hyphenated(readFileSync(join(SAMPLES, 'de-menschenrechte.txt'), 'utf8'), 'de', 40);
  const text = encode(`${lines}\n${lines.replaceAll('\n', '\r\n   ')}`);
  const counted = countWords(text, OPTIONS);
  const expected = async () => (await counted).toJSON();

  it('are the same in both engines', async () => {
    expect((await countWords(text, { ...OPTIONS, engine: 'javascript' })).toJSON()).toEqual(await expected());
    expect((await expected()).words).not.toEqual((await countWords(text)).toJSON().words);
  });

  it.each([1, 2, 3, 7, 100, 4096])(
    'are the same in chunks of %i bytes, and after a snapshot of each',
    async (size) => {
      const whole = new WordCounter(OPTIONS);
      let restored = new WordCounter(OPTIONS);
      for (let at = 0; at < text.length; at += size) {
        whole.push(text.subarray(at, at + size));
        restored.push(text.subarray(at, at + size));
        if ((at / size) % 97 === 0) restored = WordCounter.restore(restored.snapshot(), OPTIONS);
      }
      expect(whole.finish().toJSON()).toEqual(await expected());
      expect(restored.finish().toJSON()).toEqual(await expected());
    },
  );

  it('are the same wherever the text is cut into parts', async () => {
    const piece = (from: number, to: number, step: number) => {
      const counter = new PartCounter(OPTIONS);
      for (let at = from; at < to; at += step) counter.push(text.subarray(at, Math.min(at + step, to)));
      return counter.finish();
    };
    const ends = [...lines.matchAll(/-\n/g)].flatMap(({ index }) => [index, index + 1, index + 2, index + 3]);
    for (const end of ends.slice(0, 24)) {
      const [a, b, c] = [piece(0, end, 5), piece(end, end + 9, 2), piece(end + 9, text.length, 1000)];
      const left = finishPart(mergeParts(mergeParts(a, b, OPTIONS), c, OPTIONS), OPTIONS);
      const right = finishPart(mergeParts(a, mergeParts(b, c, OPTIONS), OPTIONS), OPTIONS);
      expect(left.toJSON()).toEqual(await expected());
      expect(right.toJSON()).toEqual(left.toJSON());
    }
  });

  it('are the same with several threads, and add up with other texts', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'line-ends-'));
    await writeFile(join(folder, 'text'), text);
    const counts = await countFile(join(folder, 'text'), { ...OPTIONS, threads: 2, minBytesPerThread: 1 });
    expect(counts.toJSON()).toEqual(await expected());
    await rm(folder, { recursive: true });
    expect(mergeCounts([counts, await countWords(text, OPTIONS)]).totalWords).toBe(2 * counts.totalWords);
    expect(() => mergeCounts([counts, new WordCounter().finish()])).toThrow(/same options/);
  });
});

/** Returns for which of these line ends `dehyphenate` is right. */
async function rightOf(
  lines: string,
  divisions: ReturnType<typeof hyphenated>['divisions'],
): Promise<readonly boolean[]> {
  const options = resolveOptions(OPTIONS);
  const finder = new HyphenFinder(options);
  finder.push(encode(lines));
  const joined = new Set(
    dividedWords(await countWords(lines), finder.finish(), spellerOf(options)).map(
      ({ left, right }) => `${left} ${right}`,
    ),
  );
  const words = new FragmentWords(options);
  const spell = spellerOf(options);
  const key = (left: string, right: string) =>
    `${spell(words.of(left.split('-').at(-1) ?? '').at(-1) ?? '')} ${spell(words.of(right.split('-')[0] ?? '')[0] ?? '')}`;
  return divisions.map(({ left, right, isOneWord }) => joined.has(key(left, right)) === isOneWord);
}

const share = (right: readonly boolean[]): number => right.filter(Boolean).length / right.length;

describe('line ends with a known answer', () => {
  it.each([
    ['en-pride-and-prejudice.txt', 'en-us', 60, 2000],
    ['en-northanger-abbey.txt', 'en-us', 40, 1900],
    ['de-menschenrechte.txt', 'de', 40, 100],
  ] as const)('in %s are right in at least 95 of 100 cases', async (name, language, width, least) => {
    const { lines, divisions } = hyphenated(readFileSync(join(SAMPLES, name), 'utf8'), language, width);
    expect(divisions.length).toBeGreaterThan(least);
    expect(share(await rightOf(lines, divisions))).toBeGreaterThanOrEqual(0.95);
    const hyphens = divisions.filter(({ isOneWord }) => !isOneWord);
    if (hyphens.length > 0) expect(share(await rightOf(lines, hyphens))).toBeGreaterThanOrEqual(0.75);
  });

  it('labelled by hand are right in at least 95 of 100 cases', async () => {
    const right: boolean[] = [];
    const wrong: string[] = [];
    for (const { text, words } of LABELLED) {
      const counts = await count(text);
      for (const [word, times] of Object.entries(words)) {
        right.push(counts.get(word) === times);
        if (counts.get(word) !== times) wrong.push(`${word}: ${counts.get(word)} instead of ${times}`);
      }
    }
    expect(right.length).toBeGreaterThanOrEqual(40);
    expect(share(right), wrong.join('; ')).toBeGreaterThanOrEqual(0.95);
  });
});
