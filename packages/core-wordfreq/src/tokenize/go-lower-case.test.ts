import { describe, expect, it } from 'vitest';
import { goLowerCase } from './go-lower-case.ts';

describe(goLowerCase, () => {
  it.each([
    ['A', 'a'],
    ['Ä', 'ä'],
    ['Ā', 'ā'],
    ['ā', 'ā'],
    ['Σ', 'σ'],
    ['Я', 'я'],
    ['ẞ', 'ß'],
    ['\u{10400}', '\u{10428}'],
    // Turkish: one code point to one.
    ['İ', 'i'],
    ['中', '中'],
    // Newer than Go's tables.
    ['\ua7cb', '\ua7cb'],
    ['\u{10d50}', '\u{10d50}'],
  ])('of %s is %s', (upper, lower) => {
    expect(String.fromCodePoint(goLowerCase(upper.codePointAt(0) as number))).toBe(lower);
  });
});
