import { describe, expect, it } from 'vitest';
import { caseFolding, caseFoldings } from './case-folding.ts';
import { CLASS_MASK, characterTable, characterTableWith } from './character-table.ts';
import { isCased } from './word-break-class.ts';

describe('case folding', () => {
  // First, because it is about what has been read so far.
  it('is read as far as characters ask for it, and is the same as all of it', () => {
    const points = [0xe9, 0xc9, 0xc0, 0x2014, 0x1f88, 0x3a3, 0x1e921, 0x10ffff];
    const asked = points.map((point) => caseFolding(point));
    expect(asked).toEqual(points.map((point) => caseFoldings().get(point)));
    expect(asked[1]).toEqual([0xe9]);
    expect(asked[0]).toBeUndefined();
  });

  it('is of characters whose class says that they may have a case', () => {
    const others = [...caseFoldings().keys()].filter(
      (point) => !isCased((characterTable()[point] as number) & CLASS_MASK),
    );
    expect(others).toEqual([]);
  });
});

describe('the table of characters', () => {
  it.each([0, 0x7f, 0x80, 0x7ff, 0x800, 0x20ff, 0x2100])(
    'goes up to U+%s and agrees with the whole',
    (point) => {
      const table = characterTableWith(point);
      expect(table.length).toBeGreaterThan(point);
      expect(table).toEqual(characterTable().subarray(0, table.length));
    },
  );
});
