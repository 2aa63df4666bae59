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
    ['%PDF-1.7', { name: 'utf-8', likely: 'koi8-r' }, { reason: 'it is a PDF document' }],
    [
      'text',
      { name: 'utf-8', likely: 'koi8-r' },
      { reason: '207 sequences in 1000 bytes are not UTF-8', likely: 'koi8-r' },
    ],
    ['text', { name: 'gbk' }, { reason: '207 sequences in 1000 bytes are not gbk' }],
  ])('of %j read as %j', (beginning, encoding, why) => {
    expect(whyNotText(facts, Buffer.from(beginning), encoding)).toEqual(why);
  });

  it('names what there is, in the singular where there is one', () => {
    const reason = (nuls: number, invalid: number) =>
      whyNotText({ bytes: 5, nuls, invalid }, Buffer.from('text')).reason;
    expect(reason(1, 0)).toBe('1 of 5 bytes is NUL');
    expect(reason(2, 1)).toBe('2 of 5 bytes are NUL and 1 sequence is not UTF-8');
  });
});
