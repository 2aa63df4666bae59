import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { detectEncoding } from '../src/encoding/index.ts';
import {
  countWords,
  encodingNamed,
  PartCounter,
  resolveOptions,
  WordCounter,
  type WordCounterOptions,
  type WordCounts,
} from '../src/index.ts';
import { countFile } from '../src/node/index.ts';
import { encodable, encodeAs } from './encode-as.ts';

vi.setConfig({ testTimeout: 120_000 });

const SAMPLES = resolve(import.meta.dirname, '../../../samples/texts');
const sample = (name: string): string =>
  readFileSync(join(SAMPLES, `${name}.txt`), 'utf8').replace('\ufeff', '');
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const ENGLISH = sample('en-pride-and-prejudice')
  .replaceAll(/"(?=\w)/g, '“')
  .replaceAll('"', '”')
  .replaceAll("'", '’');

/** Texts, and the encodings that people wrote them in. */
const TEXTS: readonly (readonly [text: string, encodings: readonly string[]])[] = [
  [ENGLISH, ['windows-1252']],
  [sample('fr-droits-de-l-homme'), ['windows-1252', 'iso-8859-15']],
  [sample('de-menschenrechte'), ['windows-1252']],
  [sample('es-derechos-humanos'), ['windows-1252']],
  [sample('ru-prava-cheloveka'), ['windows-1251', 'koi8-r', 'iso-8859-5']],
  [sample('el-anthropina-dikaiomata'), ['windows-1253', 'iso-8859-7']],
  [sample('ar-huquq-al-insan'), ['windows-1256', 'iso-8859-6']],
  [sample('th-sitthi-manutsayachon'), ['windows-874']],
  [sample('zh-shijie-renquan-xuanyan'), ['gb18030', 'gbk']],
  [sample('zh-tang-shi-san-bai-shou'), ['gb18030', 'big5']],
  [sample('ja-sekai-jinken-sengen'), ['shift_jis', 'euc-jp']],
  [sample('ko-segye-ingwon-seoneon'), ['euc-kr']],
  [sample('hi-manav-adhikar'), ['utf-16le', 'utf-16be']],
  [sample('ru-prava-cheloveka'), ['utf-16le', 'utf-16be']],
  [sample('zh-lunyu'), ['utf-16le', 'utf-16be']],
  [sample('de-menschenrechte'), ['utf-16le', 'utf-16be']],
];
const CASES = TEXTS.flatMap(([text, encodings]) =>
  encodings.map((name) => {
    const whole = name.startsWith('utf') ? text : encodable(name, text);
    return [name, whole.slice(0, 30), whole.slice(0, 200_000)] as const;
  }),
);

function count(bytes: Uint8Array, options: WordCounterOptions, size = bytes.length): WordCounts {
  const counter = new WordCounter(options);
  for (let at = 0; at < bytes.length; at += size) counter.push(bytes.subarray(at, at + size));
  return counter.finish();
}

const words = (counts: WordCounts): unknown => counts.toJSON().words;

describe.each(CASES)('%s (%s…)', (name, _, text) => {
  const bytes = encodeAs(name, text);
  const expected = words(count(utf8(text), {}));

  it('is counted as the same text in UTF-8 is', () => {
    const counts = count(bytes, { encoding: name });
    expect(words(counts)).toEqual(expected);
    expect(counts.encoding).toEqual({ name, foundBy: 'declared' });
    expect(counts.totalBytes).toBe(bytes.length);
    expect(counts.warnings.map(({ code }) => code).filter((code) => code !== 'utf-16')).toEqual([]);
  });

  it('is detected', () => {
    const counts = count(bytes, { encoding: detectEncoding });
    expect(counts.encoding?.foundBy).toBe('detected');
    expect(words(counts)).toEqual(expected);
  });

  it.each([1000, 300])('is never taken for another one in pieces of %i bytes', (size) => {
    const wrong: unknown[] = [];
    for (const line of linesOf(text, size)) {
      const piece = encodeAs(name, line);
      const guess = detectEncoding(piece);
      if (guess?.isSure !== true) continue;
      const read = words(count(piece, { encoding: guess.name }));
      if (JSON.stringify(read) !== JSON.stringify(words(count(utf8(line), {}))))
        wrong.push([guess.name, line]);
    }
    expect(wrong).toEqual([]);
  });
});

it('is only named with fewer than the eight bytes above 0x7F that the README asks for', () => {
  for (const [name, , text] of CASES.filter(([encoding]) => !encoding.startsWith('utf'))) {
    const bytes = encodeAs(name, text);
    const eighth = [...bytes.entries()].filter(([, byte]) => byte > 0x7f)[7]?.[0] ?? bytes.length;
    expect(detectEncoding(bytes.subarray(0, eighth))?.isSure ?? false, name).toBe(false);
  }
});

/** Pieces that start and end at line ends. */
function linesOf(text: string, length: number): readonly string[] {
  const pieces: string[] = [''];
  for (const line of text.slice(0, 30 * length).split('\n')) {
    const last = pieces.length - 1;
    pieces[last] += `${line}\n`;
    if ((pieces[last] as string).length >= length) pieces.push('');
  }
  return pieces.filter((piece) => /[^\0-\x7f]/.test(piece));
}

describe('chunks', () => {
  const SHORT: readonly (readonly [name: string, text: string])[] = [
    ['gb18030', '世界 人权 宣言\u3002 ab'],
    ['big5', '關關 雎鳩\u3002 ab'],
    ['shift_jis', '世界 ソ能 表ア ab'],
    ['euc-jp', '世界 人権 ab'],
    ['euc-kr', '세계 인권 선언 ab'],
    ['windows-1252', 'café “naïve”'],
    ['utf-16le', 'ab 😀x é'],
    ['utf-16be', 'ab 😀x é'],
    ['utf-32le', 'ab 😀x é'],
    ['utf-32be', 'ab 😀x é'],
  ];

  it.each(SHORT)('may end anywhere in %s, also for snapshots', (encoding, text) => {
    const bytes = encodeAs(encoding, text);
    const whole = count(bytes, { encoding }).toJSON();
    expect(whole.words).toEqual(words(count(utf8(text), {})));
    for (const size of [1, 2, 3, 5]) expect(count(bytes, { encoding }, size).toJSON()).toEqual(whole);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const first = new WordCounter({ encoding });
      first.push(bytes.subarray(0, cut));
      const second = WordCounter.restore(first.snapshot(), { encoding });
      second.push(bytes.subarray(cut));
      const counts = second.finish();
      expect(counts.toJSON()).toEqual(whole);
      expect(counts.encoding).toEqual({ name: encoding, foundBy: 'declared' });
    }
  });

  // Beyond what waits for the certain end of a character, by a byte that is never inside one.
  it.each(['gb18030', 'euc-jp', 'shift_jis'])('may end anywhere in %s without spaces', (encoding) => {
    const bytes = encodeAs(encoding, '世界人'.repeat(3000));
    const whole = count(bytes, { encoding });
    for (const size of [4097, 5001, 9999])
      expect(words(count(bytes, { encoding }, size))).toEqual(words(whole));
    expect(whole.warnings).toEqual([]);
  });

  it('of any size give a detector the same beginning', () => {
    const bytes = encodeAs('koi8-r', encodable('koi8-r', sample('ru-prava-cheloveka')).repeat(4));
    const seen: number[] = [];
    const encoding = (beginning: Uint8Array): ReturnType<typeof detectEncoding> => {
      seen.push(beginning.length);
      return detectEncoding(beginning);
    };
    const results = [bytes.length, 65_536, 65_535, 1000].map((size) =>
      words(count(bytes, { encoding }, size)),
    );
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(seen).toEqual(seen.map(() => Math.min(bytes.length, 65_536)));
  });
});

describe('a byte order mark', () => {
  it.each([
    ['utf-8', [0xef, 0xbb, 0xbf]],
    ['utf-16le', [0xff, 0xfe]],
    ['utf-16be', [0xfe, 0xff]],
    ['utf-32le', [0xff, 0xfe, 0, 0]],
    ['utf-32be', [0, 0, 0xfe, 0xff]],
  ] as const)('of %s has precedence over everything else', (name, mark) => {
    const text = 'Où est-il? 世界 😀';
    const body = name === 'utf-8' ? utf8(text) : encodeAs(name, text);
    const bytes = Uint8Array.from([...mark, ...body]);
    for (const encoding of [undefined, 'koi8-r', detectEncoding]) {
      for (const size of [1, 3, 100]) {
        const counts = count(bytes, { encoding }, size);
        expect(counts.encoding).toEqual({ name, foundBy: 'bom' });
        expect(words(counts)).toEqual(words(count(utf8(text), {})));
      }
    }
  });
});

describe('what is not in the encoding', () => {
  it('is counted as U+FFFD, with a warning', () => {
    const damaged = Uint8Array.from([0x61, 0, 0x20, 0, 0x3d, 0xd8, 0x20, 0, 0x62, 0, 0x63]);
    const counts = count(damaged, { encoding: 'utf-16le' });
    expect(words(counts)).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(counts.warnings).toContainEqual({ code: 'undecodable', count: 2, firstOffset: 2 });
    expect(count(damaged, { encoding: 'utf-16le' }, 1).toJSON()).toEqual(counts.toJSON());
  });

  it('is no U+FFFD that the text has itself', () => {
    for (const encoding of ['utf-16le', 'utf-16be', 'utf-32le']) {
      const { warnings } = count(encodeAs(encoding, 'a \ufffd b'), { encoding });
      expect(warnings.map(({ code }) => code)).not.toContain('undecodable');
    }
  });

  it.each([
    ...(['gb18030', 'shift_jis', 'euc-jp', 'euc-kr'] as const).map((encoding) => [encoding, 0xff] as const),
    ['big5', 0xa1] as const,
  ])('is found in %s', (encoding, wrong) => {
    expect(count(Uint8Array.of(0x61, 0x20, wrong, 0x20, 0x62), { encoding }).warnings).toEqual([
      { code: 'undecodable', count: 1, firstOffset: 2 },
    ]);
  });
});

describe('a detector', () => {
  const damage = (text: string, every: number): Uint8Array =>
    utf8(text).map((byte, index) => (index % every === every - 1 ? 0xff : byte));

  it('is not asked about UTF-8', () => {
    const encoding = vi.fn(detectEncoding);
    const { encoding: found } = count(utf8('Où est la bibliothèque ?'), { encoding });
    expect([found, encoding.mock.calls.length]).toEqual([{ name: 'utf-8', foundBy: 'default' }, 0]);
  });

  it.each(['fr-droits-de-l-homme', 'ru-prava-cheloveka', 'zh-lunyu'])(
    'leaves UTF-8 with damaged bytes alone: %s',
    (name) => {
      const counts = count(damage(sample(name), 997), { encoding: detectEncoding });
      expect(counts.encoding).toEqual({ name: 'utf-8', foundBy: 'default' });
      expect(counts.warnings.map(({ code }) => code)).toEqual(['invalid-utf8']);
    },
  );

  it('only names what it is not sure of', () => {
    const bytes = encodeAs('windows-1252', 'Der Bär ist groß.');
    const counts = count(bytes, { encoding: detectEncoding });
    expect(counts.encoding).toEqual({ name: 'utf-8', foundBy: 'default', likely: 'windows-1252' });
    expect(words(counts)).toEqual(words(count(bytes, {})));
  });

  it('does not take a DOS or Mac code page for a Windows one', () => {
    const french = sample('fr-droits-de-l-homme');
    for (const name of ['macintosh', 'ibm866']) {
      const text = name === 'ibm866' ? sample('ru-prava-cheloveka') : french;
      const guess = detectEncoding(encodeAs(name, encodable(name, text)).slice(0, 65_536));
      expect(guess?.isSure ?? false, name).toBe(false);
    }
  });

  it.each([
    ['a program', (): Uint8Array => readFileSync(process.execPath).subarray(0, 65_536)],
    ['noise', (): Uint8Array => noise(256, 0)],
    ['noise of high bytes', (): Uint8Array => noise(128, 128)],
    ['noise without controls', (): Uint8Array => noise(224, 32)],
    ['compressed bytes', (): Uint8Array => gzipSync(sample('zh-lunyu'))],
  ])('is not sure of %s', (_, bytes) => {
    expect(detectEncoding(bytes())?.isSure ?? false).toBe(false);
  });
});

function noise(values: number, lowest: number): Uint8Array {
  let seed = 1;
  return Uint8Array.from({ length: 65_536 }, () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return lowest + ((seed >> 8) % values);
  });
}

describe('the option encoding', () => {
  it('takes the labels of TextDecoder', () => {
    expect(resolveOptions({ encoding: 'Latin1' }).encoding).toBe('windows-1252');
    expect(['GBK', 'UTF-32LE', 'sjis', 'utf8'].map(encodingNamed)).toEqual([
      ...['gbk', 'utf-32le', 'shift_jis', 'utf-8'],
    ]);
  });

  it.each(['latin-eleventy', 'iso-2022-jp', 'replacement', ''])('refuses %j', (encoding) => {
    expect(() => resolveOptions({ encoding })).toThrow(
      expect.objectContaining({ code: 'invalid-option', field: 'encoding' }),
    );
    expect(encodingNamed(encoding)).toBeUndefined();
  });

  it('is refused for parts unless it is UTF-8', () => {
    expect(new PartCounter({ encoding: 'utf8' })).toBeDefined();
    for (const encoding of ['gbk', detectEncoding]) {
      expect(() => new PartCounter({ encoding })).toThrow(expect.objectContaining({ field: 'encoding' }));
    }
  });

  it('works for files, with any number of threads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'encodings-'));
    try {
      const path = join(folder, 'text.txt');
      const text = encodable('windows-1251', sample('ru-prava-cheloveka')).repeat(20);
      for (const [bytes, foundBy] of [
        [encodeAs('windows-1251', text), 'detected'],
        [utf8(text), 'default'],
      ] as const) {
        writeFileSync(path, bytes);
        const options = { encoding: detectEncoding, minBytesPerThread: 1000 };
        const [one, two] = [
          await countFile(path, options),
          await countFile(path, { ...options, threads: 2 }),
        ];
        expect(two.toJSON()).toEqual(one.toJSON());
        expect([one.encoding?.foundBy, two.encoding?.foundBy]).toEqual([foundBy, foundBy]);
        expect(words(two)).toEqual(words(await countWords(text)));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
