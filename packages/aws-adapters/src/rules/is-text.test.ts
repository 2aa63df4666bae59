import { describe, expect, it } from 'vitest';
import { isText, textFacts, whyNotText } from './is-text.ts';

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

describe(whyNotText, () => {
  const facts = textFacts(1000, [
    { code: 'invalid-utf8', count: 200 },
    { code: 'undecodable', count: 7 },
  ]);

  it.each([
    ['%PDF-1.7', { name: 'utf-8', likely: 'koi8-r' }, 'it is a PDF document'],
    ['text', { name: 'utf-8', likely: 'koi8-r' }, 'it is not UTF-8, but perhaps koi8-r'],
    ['text', { name: 'utf-8' }, 'of 1000 bytes 0 are NUL and 207 sequences are not UTF-8'],
    ['text', { name: 'gbk' }, 'of 1000 bytes 0 are NUL and 207 sequences are not gbk'],
  ])('of %j read as %j', (beginning, encoding, why) => {
    expect(whyNotText(facts, Buffer.from(beginning), encoding)).toBe(why);
  });
});
