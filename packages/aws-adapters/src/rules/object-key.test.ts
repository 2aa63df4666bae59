import { describe, expect, it } from 'vitest';
import { HOSTILE_KEYS } from '../testing/samples.ts';
import { decodeFormKey, decodeListedKey, encodeFormKey } from './object-key.ts';
import { pinnedVersionId, plainETag } from './object-version.ts';

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
