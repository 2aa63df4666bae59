import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import {
  finishPart,
  mergeParts,
  PartCounter,
  UNICODE_VERSION,
  WordCounter,
  type WordCounterOptions,
  type WordCounts,
} from '../../src/index.ts';
import { countFile } from '../../src/node/index.ts';
import { caseFolding } from '../../src/tokenize/case-folding.ts';
import { CLASS_MASK, characterTable, DICTIONARY_FLAG } from '../../src/tokenize/character-table.ts';
import { isWordLike, WORD_BREAK_CLASSES } from '../../src/tokenize/word-break-class.ts';
import { randomFrom } from '../random-from.ts';
import { findJudge } from './icu4x.ts';
import { boundariesOf } from './word-boundaries.ts';

// A million texts, on machines that may be busy.
vi.setConfig({ testTimeout: 3_600_000 });

const SEED = Number(process.env['FUZZ_SEED'] ?? 17);
const TEXTS = Number(process.env['FUZZ_TEXTS'] ?? 1_000_000);
const BATCH = 20_000;

const table = characterTable();
const classOf = (point: number): number => (table[point] as number) & CLASS_MASK;

/** Hangul, which ICU gives to its dictionaries, too. */
const HANGUL = /\p{Script=Hangul}/u;
const isInDictionary = (point: number): boolean =>
  ((table[point] as number) & DICTIONARY_FLAG) !== 0 || HANGUL.test(String.fromCodePoint(point));

/** ICU4X does as CLDR for most languages, where a colon joins no letters. */
const COLONS: ReadonlySet<number> = new Set([0x3a, 0xfe13, 0xfe55, 0xff1a]);
const isForIcu4x = (point: number): boolean => !isInDictionary(point) && !COLONS.has(point);

/** Of each class, all code points that a text can have: no surrogates, and no NUL, which ends a text here. */
const members: readonly (readonly number[])[] = (() => {
  const found: number[][] = Array.from({ length: WORD_BREAK_CLASSES }, () => []);
  for (let point = 1; point < table.length; point += 1) {
    if (point < 0xd800 || point > 0xdfff) (found[classOf(point)] as number[]).push(point);
  }
  return found;
})();

/** What the rules turn on, so that texts are full of it. */
const FREQUENT: readonly number[] = [
  ...[0x200d, 0x200d, 0x200d, 0x200d, 0x0301, 0xfe0f, 0x1f3fd, 0x00ad, 0x2060, 0x200e],
  ...[0x1f170, 0x24c2, 0x2139, 0x1f469, 0x2615, 0x00a9, 0x1f1e9, 0x1f1ea],
  ...[0x20, 0x20, 0x09, 0x0a, 0x0d, 0xa0, 0x3000, 0x2028],
  ...[0x61, 0x62, 0xe9, 0x5d0, 0x5d1, 0x31, 0x32, 0x661, 0x5f, 0x202f, 0x30ab],
  ...[0x27, 0x22, 0x2c, 0x2e, 0x3a, 0x3b, 0x2019, 0xb7, 0x5f4, 0x5f3, 0xfe13],
];

function drawTexts(random: () => number, howMany: number, allowed: (point: number) => boolean): number[][] {
  const pick = (points: readonly number[]): number => points[Math.floor(random() * points.length)] as number;
  const draw = (): number => {
    const kind = random();
    const some =
      kind < 0.7 ? FREQUENT : kind < 0.97 ? (members[Math.floor(random() * members.length)] ?? []) : [];
    return some.length > 0 ? pick(some) : pick(members[0] as readonly number[]);
  };
  return Array.from({ length: howMany }, () => {
    const points: number[] = [];
    for (let length = 1 + Math.floor(random() * 20); length > 0; length -= 1) {
      const point = draw();
      if (allowed(point)) points.push(point);
    }
    return points.length > 0 ? points : [0x61];
  });
}

const toText = (points: readonly number[]): string => String.fromCodePoint(...points);
const shown = (points: readonly number[]): string =>
  points.map((point) => point.toString(16).padStart(4, '0')).join(' ');

/** The texts for which the boundaries differ from another implementation's. */
function differences(texts: readonly number[][], theirs: readonly (readonly number[])[]): string[] {
  return texts.flatMap((points, index) => {
    let at = 0;
    const expected = [0, ...(theirs[index] ?? []).map((size) => (at += size))];
    const ours = boundariesOf(points);
    return ours.join() === expected.join()
      ? []
      : [`${shown(points)}: ours ${ours.join()}, theirs ${expected.join()}`];
  });
}

const judge = findJudge();
const missing = typeof judge === 'string' ? ` — skipped: ${judge}` : '';
const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
const hasIcu = `${process.versions.unicode}.0` === UNICODE_VERSION;
const oldIcu = hasIcu
  ? ''
  : ` — skipped: this Node has Unicode ${process.versions.unicode}, not ${UNICODE_VERSION}`;

function eachBatch(allowed: (point: number) => boolean, check: (texts: number[][]) => string[]): string[] {
  const random = randomFrom(SEED);
  const wrong: string[] = [];
  for (let done = 0; done < TEXTS && wrong.length < 10; done += BATCH) {
    wrong.push(...check(drawTexts(random, Math.min(BATCH, TEXTS - done), allowed)));
  }
  return wrong.slice(0, 10);
}

describe(`boundaries of ${TEXTS} random texts, seed ${SEED}`, () => {
  it.skipIf(missing)(`agree with ICU4X${missing}`, () => {
    if (typeof judge === 'string') return;
    const wrong = eachBatch(isForIcu4x, (texts) => differences(texts, judge.segment(texts.map(toText))));
    expect(wrong).toEqual([]);
  });

  it.skipIf(oldIcu)(`agree with ICU, but for dictionaries${oldIcu}`, () => {
    const wrong = eachBatch(
      (point) => !isInDictionary(point),
      (texts) =>
        differences(
          texts,
          texts.map((points) =>
            Array.from(segmenter.segment(toText(points)), ({ segment }) => [...segment].length),
          ),
        ),
    );
    expect(wrong).toEqual([]);
  });
});

const encoder = new TextEncoder();

/** The words of texts by the other implementation's segments. */
function expectedWords(
  texts: readonly number[][],
  sizes: readonly (readonly number[])[],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [index, points] of texts.entries()) {
    let at = 0;
    for (const size of sizes[index] ?? []) {
      const segment = points.slice(at, at + size);
      at += size;
      if (!segment.some((point) => isWordLike(classOf(point)))) continue;
      const folded = segment.flatMap((point) => caseFolding(point) ?? [point]);
      const word = toText(folded).replace(/^(?!\u202f)\p{White_Space}+/u, '');
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

/** A boundary stands before and after each line feed, so that texts do not touch. */
function bytesOf(texts: readonly number[][]): Uint8Array {
  return encoder.encode(texts.map((points) => `${toText(points)}\n`).join(''));
}

function push(counter: { push(chunk: Uint8Array): void }, bytes: Uint8Array, random: () => number): void {
  for (let at = 0; at < bytes.length; ) {
    const end = at + 1 + Math.floor(random() ** 4 * 100_000);
    counter.push(bytes.subarray(at, end));
    at = end;
  }
}

const SEGMENTS: WordCounterOptions = { fold: 'none' };

const WAYS: Readonly<Record<string, (bytes: Uint8Array, random: () => number) => WordCounts>> = {
  'in WebAssembly': (bytes) => {
    const counter = new WordCounter({ ...SEGMENTS, engine: 'wasm' });
    counter.push(bytes);
    return counter.finish();
  },
  'in JavaScript': (bytes) => {
    const counter = new WordCounter({ ...SEGMENTS, engine: 'javascript' });
    counter.push(bytes);
    return counter.finish();
  },
  'in chunks': (bytes, random) => {
    const counter = new WordCounter(SEGMENTS);
    push(counter, bytes, random);
    return counter.finish();
  },
  'with a snapshot': (bytes, random) => {
    const first = new WordCounter(SEGMENTS);
    const cut = Math.floor(random() * bytes.length);
    first.push(bytes.subarray(0, cut));
    const second = WordCounter.restore(first.snapshot(), SEGMENTS);
    second.push(bytes.subarray(cut));
    return second.finish();
  },
  'in parts': (bytes, random) => {
    const cut = Math.floor(random() * bytes.length);
    const [left, right] = [bytes.subarray(0, cut), bytes.subarray(cut)].map((piece) => {
      const counter = new PartCounter(SEGMENTS);
      push(counter, piece, random);
      return counter.finish();
    });
    if (left === undefined || right === undefined) throw new Error('There are two parts.');
    return finishPart(mergeParts(left, right, SEGMENTS), SEGMENTS);
  },
};

/** Each way counts other texts, so that together they are as many as above. */
const ways = Object.entries(WAYS).map(([name, count], index) => ({ name, count, seed: SEED + 1 + index }));

describe(`words of random texts, seed ${SEED}`, () => {
  it.skipIf(missing).each(ways)(`$name are those of the segments${missing}`, ({ count, seed }) => {
    if (typeof judge === 'string') return;
    const random = randomFrom(seed);
    for (let done = 0; done < TEXTS / ways.length; done += BATCH) {
      const texts = drawTexts(random, BATCH, isForIcu4x);
      const expected = expectedWords(texts, judge.segment(texts.map(toText)));
      const counted = new Map(count(bytesOf(texts), random));
      if (!isSame(counted, expected)) expect(counted).toEqual(expected);
    }
  });

  const folder = mkdtemp(join(tmpdir(), 'wordfreq-fuzz-'));
  afterAll(async () => rm(await folder, { recursive: true }));

  it.each([2, 8])('are the same with %i threads', async (threads) => {
    const path = join(await folder, 'texts.txt');
    await writeFile(path, bytesOf(drawTexts(randomFrom(SEED), 300_000, () => true)));
    const whole = (await countFile(path)).toJSON();
    expect((await countFile(path, { threads, minBytesPerThread: 1 })).toJSON()).toEqual(whole);
  });
});

/** As `toEqual`, and much faster. */
function isSame(first: ReadonlyMap<string, number>, second: ReadonlyMap<string, number>): boolean {
  return first.size === second.size && [...first].every(([word, count]) => second.get(word) === count);
}
