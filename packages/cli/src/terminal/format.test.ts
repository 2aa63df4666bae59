import { PLAIN_TEXT } from '@org/wordfreq-aws-adapters/rules';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import {
  fitText,
  formatBytes,
  formatCount,
  formatNumberOf,
  formatPace,
  formatSeconds,
  padText,
  textTable,
  textWidth,
  wrapItems,
} from './format.ts';

describe(formatBytes, () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [4_248_000, '4.2 MB'],
    [123_456_789, '123 MB'],
    [5_000_000_000_000_000_000, '5000 PB'],
  ])('shows %d bytes as %s', (bytes, shown) => {
    expect(formatBytes(bytes)).toBe(shown);
  });
});

describe(formatCount, () => {
  it('groups thousands', () => expect(formatCount(1_234_567)).toBe('1,234,567'));
});

describe(formatSeconds, () => {
  it('has two digits', () => expect(formatSeconds(1234)).toBe('1.23 s'));
});

describe(formatPace, () => {
  it.each([
    [{ done: 3, elapsedMs: 100 }, '3'],
    [{ done: 0, total: 10, elapsedMs: 5000 }, '0 of 10'],
    [{ done: 1200, elapsedMs: 12_000 }, '1,200  100/s'],
    [{ done: 1200, total: 6000, elapsedMs: 12_000 }, '1,200 of 6,000  100/s  48 s left'],
    [{ done: 100, total: 10_000, elapsedMs: 1000 }, '100 of 10,000  100/s  1 min 39 s left'],
    [{ done: 1000, total: 10_000_000, elapsedMs: 10_000 }, '1,000 of 10,000,000  100/s  27 h 46 min left'],
    [{ done: 12, total: 10, elapsedMs: 1000 }, '12 of 12  12/s  0 s left'],
  ])('shows %j as %s', (pace, shown) => {
    expect(formatPace(pace)).toBe(shown);
  });
});

describe(formatNumberOf, () => {
  it.each([
    [0, 'word', undefined, '0 words'],
    [1, 'word', undefined, '1 word'],
    [1200, 'upload is', 'uploads are', '1,200 uploads are'],
  ])('names %d of %s', (count, one, many, shown) => {
    expect(formatNumberOf(count, one, many)).toBe(shown);
  });
});

const COLUMNS = [
  { title: 'KEY', flexible: true },
  { title: 'WORDS', right: true },
];

describe(textTable, () => {
  it('lines columns up by the width that a terminal gives them', () => {
    expect(
      textTable(
        COLUMNS,
        [
          ['红楼梦', '1'],
          ['ab', '1,000'],
        ],
        80,
      ),
    ).toEqual(['KEY     WORDS', '红楼梦      1', 'ab      1,000']);
  });

  it('shortens flexible columns where there is not room for all', () => {
    expect(textTable(COLUMNS, [['a-very-long-key.txt', '10']], 17)).toEqual([
      'KEY         WORDS',
      'a-very-lo…     10',
    ]);
  });

  it('leaves columns out in their order where there is not room even so', () => {
    const columns = [
      { title: 'WHEN', leaves: 2 },
      { title: 'KEY', flexible: true },
      { title: 'QUEUE', leaves: 1 },
    ];
    const rows = [['2026-01-01', 'a-key.txt', 'uploads']];
    const titles = (room: number): string => textTable(columns, rows, room)[0] ?? '';
    expect(titles(30)).toMatch(/^WHEN +KEY +QUEUE$/);
    expect(titles(26)).toMatch(/^WHEN +KEY$/);
    expect(titles(12)).toBe('KEY');
  });

  it('shows control characters as code points', () => {
    expect(textTable(COLUMNS, [['a\u001b', '1']], 80)[1]).toContain('a‹U+001B›');
  });

  it('never exceeds the columns of a terminal', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, fc.constantFrom('1', '12,345'))),
        fc.integer({ min: 20, max: 100 }),
        (rows, room) => {
          for (const line of textTable(COLUMNS, rows, room))
            expect(stringWidth(line)).toBeLessThanOrEqual(room);
        },
      ),
    );
  });
});

describe(fitText, () => {
  it('leaves text that fits alone', () => {
    expect(fitText('红楼梦', 6)).toBe('红楼梦');
  });

  it('counts a Chinese character as two columns', () => {
    expect(fitText('红楼梦', 5)).toBe('红楼…');
  });

  it('never cuts an emoji family apart', () => {
    expect(fitText('ab👩‍👩‍👧cd', 4)).toBe('ab…');
  });

  it('never exceeds the columns', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(stringWidth(fitText(text, columns))).toBeLessThanOrEqual(columns);
      }),
    );
  });
});

describe(padText, () => {
  it('fills up to the columns by display width', () => {
    expect(padText('红', 4)).toBe('红  ');
  });
});

describe(wrapItems, () => {
  it('breaks between items only', () => {
    expect(wrapItems(['the 100', 'and 90', 'of 80'], 16)).toEqual(['the 100  and 90', 'of 80']);
  });

  it('has no line for no items', () => {
    expect(wrapItems([], 20)).toEqual([]);
  });
});

describe(textWidth, () => {
  it('treats as narrow only characters that the library finds to be one column wide', () => {
    const different: string[] = [];
    for (let point = 0x20; point < 0x3000; point += 1) {
      const character = String.fromCodePoint(point);
      if (PLAIN_TEXT.test(character) && stringWidth(character) !== 1) different.push(point.toString(16));
    }
    expect(different).toEqual([]);
  });

  it.each([
    ['word', 4],
    ['naïve – “слово”', 15],
    ['漢字', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['', 0],
  ])('%s takes %d columns', (text, columns) => {
    expect(textWidth(text)).toBe(columns);
  });
});
