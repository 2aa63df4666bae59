import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { textTable } from './layout.ts';

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
