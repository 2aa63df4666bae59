import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeField, escapeText } from './escape.ts';

describe(escapeText, () => {
  it.each([
    ['a colour sequence', 'a\u001b[31mb', 'a‹U+001B›[31mb'],
    ['a line break', 'one\ntwo', 'one‹U+000A›two'],
    ['a right-to-left override', 'txt.\u202eexe', 'txt.‹U+202E›exe'],
    ['an isolate', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
    ['a byte order mark', '\ufeffword', '‹U+FEFF›word'],
    ['a lone surrogate', '\ud800', '‹U+D800›'],
  ])('shows %s as code points', (_, hostile, shown) => {
    expect(escapeText(hostile)).toBe(shown);
  });

  it.each(['naïve', '红楼梦', 'مرحبا', '👩‍👩‍👧', 'می‌خواهم', '__proto__', '=1+1'])(
    'leaves %s as it is',
    (text) => {
      expect(escapeText(text)).toBe(text);
    },
  );

  it('never lets a control or bidirectional character through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });
});

describe(escapeField, () => {
  it('shows exactly what acts on a terminal as code points', () => {
    const active = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
    for (let point = 0; point < 0x1_0000; point += 1) {
      const character = String.fromCharCode(point);
      if ((escapeField(character) !== character) !== active.test(character)) {
        throw new Error(`Expected otherwise of U+${point.toString(16)}.`);
      }
    }
  });
});
