import { describe, expect, it } from 'vitest';
import { HOSTILE_KEYS } from '../testing/samples.ts';
import { decodeFormKey, decodeListedKey, encodeFormKey, isTextKey, textSuffixes } from './object-key.ts';
import { pinnedVersionId, plainETag } from './version-order.ts';

describe('keys in announcements and listings', () => {
  it.each(HOSTILE_KEYS)('come back as they were: %s', (key) => {
    expect(decodeFormKey(encodeFormKey(key))).toBe(key);
    expect(decodeListedKey(encodeFormKey(key), 'url')).toBe(key);
    expect(decodeListedKey(key, undefined)).toBe(key);
  });

  it('have a space for "+" and a plus for "%2B"', () => {
    expect(decodeFormKey('a+b%2Bc')).toBe('a b+c');
    expect(decodeListedKey('a+b%2Bc', 'url')).toBe('a b+c');
  });
});

describe('what names a version', () => {
  it.each([null, undefined, '', 'null'])('is not %j', (id) => {
    expect(pinnedVersionId(id)).toBeUndefined();
  });

  it('is any other id, and an ETag without its quotes', () => {
    expect([
      pinnedVersionId('v1'),
      plainETag('"e"'),
      plainETag('e'),
      plainETag('""'),
      plainETag(null),
    ]).toEqual(['v1', 'e', 'e', undefined, undefined]);
  });
});

describe(textSuffixes, () => {
  it.each([
    ['.txt', ['.txt', '.txt.gz', '.txt.zst']],
    ['', ['']],
    ['.gz', ['.gz', '.gz.zst']],
    ['log', ['log', 'log.gz', 'log.zst']],
    ['t', ['t', 't.gz']],
  ])('of %j are %j', (suffix, expected) => {
    expect(textSuffixes(suffix)).toEqual(expected);
  });
});

describe(isTextKey, () => {
  it.each([
    ['a.txt', '.txt', true],
    ['a.txt.gz', '.txt', true],
    ['a.txt.zst', '.txt', true],
    ['a.txt.gz.gz', '.txt', false],
    ['a.txt.bak', '.txt', false],
    ['a.TXT', '.txt', false],
    ['a.gz', '.txt', false],
    ['a.txt.gz', '.txt.gz', true],
    ['a.txt', '.txt.gz', false],
    ['anything', '', true],
    ['anything.gz', '', true],
  ])('of %s with the suffix %j is %s', (key, suffix, expected) => {
    expect(isTextKey(key, suffix)).toBe(expected);
  });
});
