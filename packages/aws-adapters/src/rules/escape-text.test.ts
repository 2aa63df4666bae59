import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeField, escapeJson, escapeText, excerpt, PLAIN_TEXT } from './escape-text.ts';

/** Every character of the first plane, and those of others that no font shows. */
function* characters(): Generator<string> {
  for (let point = 0; point < 0x1_0000; point += 1) yield String.fromCharCode(point);
  for (let point = 0xe_0000; point < 0xe_1000; point += 1) yield String.fromCodePoint(point);
}

/** What acts on a line or shows as nothing. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{DI}]/u;
const ACTIVE = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

describe(escapeText, () => {
  it.each([
    ['a colour sequence', 'a\u001b[31mb', 'a‹U+001B›[31mb'],
    ['a control of C1', 'a\u009b31mb', 'a‹U+009B›31mb'],
    ['a line break and a tab', 'one\n\ttwo', 'one‹U+000A›‹U+0009›two'],
    ['separators of lines and paragraphs', 'a\u2028b\u2029c', 'a‹U+2028›b‹U+2029›c'],
    ['a right-to-left override', 'txt.\u202eexe', 'txt.‹U+202E›exe'],
    ['a mark of direction', 'a\u200fb\u061cc', 'a‹U+200F›b‹U+061C›c'],
    ['an isolate', '\u2066x\u2069', '‹U+2066›x‹U+2069›'],
    ['a byte order mark', '\ufeffword', '‹U+FEFF›word'],
    ['a space without width', 'in\u200bvoice', 'in‹U+200B›voice'],
    ['a filler that is a letter and shows as nothing', 'a\u3164\uffa0', 'a‹U+3164›‹U+FFA0›'],
    ['a grapheme joiner, which joins nothing', 'a\u034fb', 'a‹U+034F›b'],
    ['tags, which can hide ASCII', 'a\u{e0068}\u{e0069}', 'a‹U+E0068›‹U+E0069›'],
    [
      'selectors without a character to vary, which can hide bytes',
      'a\ufe00\ufe01\u{e0100}',
      'a\ufe00‹U+FE01›‹U+E0100›',
    ],
    ['a joiner without a character to join', '\u200da\u200c\u200d', '‹U+200D›a\u200c‹U+200D›'],
    ['a lone surrogate', '\ud800 \udc00', '‹U+D800› ‹U+DC00›'],
  ])('shows %s as code points', (_, hostile, shown) => {
    expect(escapeText(hostile)).toBe(shown);
  });

  it.each([
    'naïve',
    '红楼梦',
    'مرحبا',
    '👩‍👩‍👧',
    '👁️‍🗨️',
    '❤️',
    'می‌خواهم',
    'ക്‍ഷ',
    'ᠪᠠᠭ᠎ᠠ'.replace('\u180e', ''),
    '葛\u{e0100}',
    '__proto__',
  ])('leaves %s as it is', (text) => {
    expect(escapeText(text)).toBe(text);
  });

  it('lets no character through that acts on a line or shows as nothing', () => {
    for (const character of characters()) {
      if (HIDDEN.test(character) && escapeText(character) === character) {
        throw new Error(`Expected U+${character.codePointAt(0)?.toString(16)} to be escaped.`);
      }
    }
  });

  it('never lets a control or bidirectional character through, in any text, and is done after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = escapeText(text);
        expect(shown).not.toMatch(ACTIVE);
        expect(shown).not.toMatch(/\p{Cs}/u);
        expect(escapeText(shown)).toBe(shown);
      }),
    );
  });

  it('knows plain text by one expression without escaping less', () => {
    for (const character of characters()) {
      if (PLAIN_TEXT.test(character)) expect(character).not.toMatch(HIDDEN);
    }
  });
});

describe(escapeField, () => {
  it('shows exactly what acts on a terminal as code points', () => {
    for (const character of characters()) {
      if ((escapeField(character) !== character) !== ACTIVE.test(character)) {
        throw new Error(`Expected otherwise of U+${character.codePointAt(0)?.toString(16)}.`);
      }
    }
  });
});

describe(escapeJson, () => {
  it('escapes what acts on a terminal, and loses nothing', () => {
    const value = { 'a\u202e': ['\u009b31m', '\u2028', 'é\u00ad'] };
    for (const indent of [undefined, 2]) {
      const json = escapeJson(value, indent);
      expect(json.replaceAll('\n', '')).not.toMatch(ACTIVE);
      expect(JSON.parse(json)).toEqual(value);
    }
  });
});

describe(excerpt, () => {
  it.each([
    ['short', 'short'],
    ['twelve chars', 'twelve…'],
    ['\u001b[2J', '‹U+001B›[2J'],
    ['12345👩‍👩‍👧', '12345…'],
  ])('of %j, at most six characters, is %j', (text, shown) => {
    expect(excerpt(text, 6)).toBe(shown);
  });
});
