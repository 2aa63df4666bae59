import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitText, padText, wrapItems } from './layout.ts';

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
