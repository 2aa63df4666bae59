import { describe, expect, it } from 'vitest';
import { isText } from './is-text.ts';

describe(isText, () => {
  it.each([
    [{ bytes: 0, nuls: 0, invalid: 0 }, true],
    [{ bytes: 1000, nuls: 1, invalid: 100 }, true],
    [{ bytes: 1000, nuls: 2, invalid: 0 }, false],
    [{ bytes: 1000, nuls: 0, invalid: 101 }, false],
  ])('of %j is %j', (facts, expected) => {
    expect(isText(facts)).toBe(expected);
  });
});
